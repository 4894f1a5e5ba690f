import { t } from "../i18n";
import type { Id, Mailbox } from "../jmap/types";
import { flat, mailboxes, mailboxIcon, mailboxPath, tree } from "../store/mailboxes";
import { Dialog, openDialog } from "../ui/Dialog";
import { Icon } from "../ui/Icon";

/** Asks below which folder another is to lie; the twin of dragging it. */
export function askFolderParent(mailbox: Mailbox, pick: (parent: Id | null) => void): void {
  const inside = (candidate: Mailbox | undefined): boolean =>
    candidate !== undefined &&
    (candidate.id === mailbox.id || inside(candidate.parentId ? mailboxes.peek().get(candidate.parentId) : undefined));
  openDialog((close) => (
    <Dialog title={t("folder.move.title", { name: mailbox.name })} onClose={close}>
      <div class="picker-list">
        <button
          type="button"
          class="menu-item"
          disabled={mailbox.parentId === null}
          onClick={() => {
            close();
            pick(null);
          }}
        >
          <span class="menu-icon" />
          <span class="menu-label">{t("folder.top")}</span>
        </button>
        {flat(tree.value)
          .map((n) => n.mailbox)
          .filter((m) => !inside(m) && m.myRights.mayCreateChild)
          .map((m) => (
            <button
              key={m.id}
              type="button"
              class="menu-item"
              disabled={m.id === mailbox.parentId}
              onClick={() => {
                close();
                pick(m.id);
              }}
            >
              <span class="menu-icon">
                <Icon name={mailboxIcon(m)} />
              </span>
              <span class="menu-label">{mailboxPath(m)}</span>
            </button>
          ))}
      </div>
    </Dialog>
  ));
}
