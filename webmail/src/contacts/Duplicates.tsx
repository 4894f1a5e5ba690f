import { useSignal } from "@preact/signals";
import { t } from "../i18n";
import { Button } from "../ui/Button";
import { Dialog, openDialog } from "../ui/Dialog";
import { showError, showToast } from "../ui/Toast";
import { type ContactCard, displayName, duplicates, merge, values } from "./card";
import { Face } from "./index";
import { contacts, mergeCards } from "./store";

export function openDuplicates(): void {
  openDialog((close) => <DuplicatesDialog close={close} />);
}

/** Cards that look like the same person, to be made one. */
function DuplicatesDialog({ close }: { close: () => void }) {
  const left = useSignal<string[]>([]);
  const sets = duplicates(contacts.value).filter((set) => !left.value.includes(print(set)));
  const join = async (set: ContactCard[]) => {
    // The fullest card leads.
    const ordered = [...set].sort((a, b) => JSON.stringify(b).length - JSON.stringify(a).length);
    const first = ordered[0];
    if (!first) return;
    try {
      const undo = await mergeCards(first, ordered.slice(1), merge(ordered));
      showToast({ text: t("contacts.merged", { name: displayName(first) }), undo });
      if (duplicates(contacts.value).length === 0) close();
    } catch (error) {
      showError((error as Error).message);
    }
  };
  return (
    <Dialog title={t("contacts.duplicates")} onClose={close} wide>
      {sets.length === 0 && <p class="contact-none">{t("contacts.duplicates.none")}</p>}
      <ul class="contact-sets">
        {sets.map((set) => (
          <li key={print(set)}>
            <ul>
              {set.map((card) => (
                <li key={card.id} class="contact-row">
                  <Face card={card} size={32} />
                  <span class="contact-text">
                    <bdi class="truncate contact-name">{displayName(card)}</bdi>
                    <span class="truncate contact-second">
                      {[...values(card.emails).map((e) => e.address), ...values(card.phones).map((p) => p.number)].join(
                        ", ",
                      )}
                    </span>
                  </span>
                </li>
              ))}
            </ul>
            <span class="contact-set-buttons">
              <Button kind="outline" icon="git-merge" onClick={() => void join(set)}>
                {t("contacts.merge")}
              </Button>
              <Button onClick={() => (left.value = [...left.value, print(set)])}>{t("contacts.keepBoth")}</Button>
            </span>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
const print = (set: ContactCard[]) => set.map((c) => c.id).join(" ");
