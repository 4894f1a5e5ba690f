// Cards in and out: vCard files through the server (ContactCard/parse, ContactCard/export), photos as small pictures.
import { pick } from "../compose/pick";
import { t } from "../i18n";
import { JmapError } from "../jmap/client";
import type { Id, SetError, SetResponse } from "../jmap/types";
import { jmap } from "../store/session";
import { showError, showToast } from "../ui/Toast";
import type { ContactCard } from "./card";
import { refreshContacts, removeCards } from "./store";

interface Parsed {
  parsed: Record<Id, Partial<ContactCard> | Partial<ContactCard>[]> | null;
  notParsable?: Id[] | null;
  notFound?: Id[] | null;
}

/** Takes cards out of a file into a book; with Undo for all of them. */
export async function importFile(book: Id): Promise<void> {
  const files = await pick(".vcf,.vcard,text/vcard");
  if (files.length === 0) return;
  const ids: Id[] = [];
  const refused: SetError[] = [];
  try {
    for (const file of files) {
      const blob = await jmap().upload(new Blob([file], { type: "text/vcard" }));
      const answer = await jmap().call<Parsed>("ContactCard/parse", { blobIds: [blob.blobId] });
      const found = answer.parsed?.[blob.blobId];
      const cards = Array.isArray(found) ? found : found ? [found] : [];
      if (cards.length === 0) throw new JmapError("notParsable", t("contacts.import.nothing", { name: file.name }));
      const limit = Number(jmap().session.capabilities["urn:ietf:params:jmap:core"]?.maxObjectsInSet ?? 100);
      for (let at = 0; at < cards.length; at += limit) {
        const create = Object.fromEntries(
          cards
            .slice(at, at + limit)
            .map((card, i) => [`c${i}`, { ...without(card), addressBookIds: { [book]: true } }]),
        );
        const response = await jmap().call<SetResponse>("ContactCard/set", { create });
        ids.push(...Object.values(response.created ?? {}).map((c) => c.id));
        refused.push(...Object.values(response.notCreated ?? {}));
      }
    }
  } catch (error) {
    showError(t("contacts.import.failed", { why: (error as Error).message }), {
      label: t("retry"),
      run: () => void importFile(book),
    });
  }
  await refreshContacts();
  if (refused.length > 0)
    showError(
      t("contacts.import.some", {
        n: ids.length,
        refused: refused.length,
        why: refused[0]?.description ?? refused[0]?.type ?? "",
      }),
    );
  else if (ids.length > 0)
    showToast({ text: t("contacts.imported", { n: ids.length }), undo: async () => void (await removeCards(ids)) });
}
const without = ({ id: _, blobId: __, addressBookIds: ___, ...card }: Partial<ContactCard> & { blobId?: unknown }) =>
  card;

/** Saves cards as one vCard file. */
export async function exportCards(cards: ContactCard[], name: string): Promise<void> {
  try {
    const answer = await jmap().call<{ blobId?: Id; blob?: { blobId: Id } }>("ContactCard/export", {
      ids: cards.map((c) => c.id),
    });
    const blobId = answer.blobId ?? answer.blob?.blobId;
    if (!blobId) throw new Error(t("contacts.export.nothing"));
    const link = document.createElement("a");
    link.download = `${name.replace(/[/\\:*?"<>|]+/g, " ").trim() || "contacts"}.vcf`;
    link.href = jmap().downloadUrl(blobId, link.download, "text/vcard");
    link.click();
  } catch (error) {
    showError(t("contacts.export.failed", { why: (error as Error).message }));
  }
}

/** Where a photo can be shown from: inside the card, or a blob of the server. Nothing is fetched from outside. */
export function photoUrl(media: { uri?: string; blobId?: Id; mediaType?: string } | undefined): string | undefined {
  if (!media) return undefined;
  if (media.blobId) return jmap().downloadUrl(media.blobId, "photo", media.mediaType ?? "image/jpeg", true);
  return media.uri && /^data:image\/(?:png|jpe?g|gif|webp|avif)[;,]/i.test(media.uri) ? media.uri : undefined;
}

/** A photo of any size as a square of 256 points, small enough to live inside the card. */
export async function shrinkPhoto(file: Blob): Promise<string> {
  const picture = await createImageBitmap(file);
  const side = Math.min(picture.width, picture.height);
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = Math.min(256, side);
  canvas
    .getContext("2d")
    ?.drawImage(
      picture,
      (picture.width - side) / 2,
      (picture.height - side) / 2,
      side,
      side,
      0,
      0,
      canvas.width,
      canvas.height,
    );
  picture.close();
  return canvas.toDataURL("image/jpeg", 0.85);
}
