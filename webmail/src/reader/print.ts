// Printing: the page itself is printed, with a style that leaves only the mails that are meant, unfolded and in light
// colours. The frames of the bodies stay what they are, so nothing is loosened for the printer.
import { pause } from "../jmap/client";
import type { Id } from "../jmap/types";
import { body } from "../store/emails";
import { printing } from "../theme";
import { card, setCard } from "./state";

export async function printAll(ids: Id[]): Promise<void> {
  const before = ids.map((id) => [id, card(id).peek().open] as const);
  await Promise.all(ids.map((id) => body(id)));
  for (const id of ids) setCard(id, { open: true });
  printing.value = new Set(ids);
  addEventListener(
    "afterprint",
    () => {
      printing.value = undefined;
      for (const [id, open] of before) setCard(id, { open });
    },
    { once: true },
  );
  // Frames load and find their height.
  await pause(900);
  print();
}
