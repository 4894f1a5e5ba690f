import { useSignal } from "@preact/signals";
import { type Key, t } from "../i18n";
import { JmapError } from "../jmap/client";
import type { Id, Role, SetResponse } from "../jmap/types";
import { byRole, flat, mailboxes, mailboxName, mailboxPath, refreshMailboxes, tree } from "../store/mailboxes";
import { jmap } from "../store/session";
import { FormProblem } from "../ui/FormProblem";
import { showError, showToast } from "../ui/Toast";

const ROLES: [Role, Key][] = [
  ["drafts", "folder.drafts"],
  ["sent", "folder.sent"],
  ["archive", "folder.archive"],
  ["junk", "folder.junk"],
  ["trash", "folder.trash"],
];

/** Which folder is Drafts, Sent and so on, and which are shown in the side bar. */
export function FolderRoles() {
  const problem = useSignal("");
  const all = flat(tree.value).map((n) => n.mailbox);
  const choose = async (role: Role, id: Id) => {
    const before = byRole(role)?.id;
    if (before === id) return;
    problem.value = "";
    const update: Record<Id, { role: Role | null }> = {};
    if (before) update[before] = { role: null };
    if (id) update[id] = { role };
    try {
      const response = await jmap().call<SetResponse>("Mailbox/set", { update });
      const refused = Object.values(response.notUpdated ?? {})[0];
      if (refused) throw JmapError.of(refused);
      await refreshMailboxes();
      showToast({ text: t("set.roles.done"), undo: before ? () => choose(role, before) : undefined });
    } catch (error) {
      problem.value = t("set.roles.failed", { why: (error as Error).message });
      await refreshMailboxes().catch(() => undefined);
    }
  };
  const subscribe = async (id: Id, isSubscribed: boolean) => {
    try {
      const response = await jmap().call<SetResponse>("Mailbox/set", { update: { [id]: { isSubscribed } } });
      const refused = response.notUpdated?.[id];
      if (refused) throw JmapError.of(refused);
      await refreshMailboxes();
    } catch (error) {
      showError((error as Error).message);
    }
  };
  const free = (role: Role) => all.filter((m) => m.role === role || m.role === null);
  return (
    <>
      <FormProblem text={problem.value} />
      <div class="settings-roles">
        {ROLES.map(([role, label]) => (
          <label class="settings-row" key={role}>
            <span>{t(label)}</span>
            <select value={byRole(role)?.id ?? ""} onChange={(event) => void choose(role, event.currentTarget.value)}>
              {!byRole(role) && <option value="">{t("set.roles.none")}</option>}
              {free(role).map((mailbox) => (
                <option key={mailbox.id} value={mailbox.id}>
                  {mailboxPath(mailbox)}
                </option>
              ))}
            </select>
          </label>
        ))}
      </div>
      <h3>{t("set.shown")}</h3>
      <p class="settings-hint">{t("set.shown.hint")}</p>
      <ul class="settings-list">
        {flat(tree.value).map(({ mailbox, depth }) => (
          <li key={mailbox.id}>
            <label class="settings-check" style={{ paddingInlineStart: `${depth * 20}px` }}>
              <input
                type="checkbox"
                checked={mailbox.isSubscribed}
                disabled={mailbox.role === "inbox"}
                onChange={(event) => void subscribe(mailbox.id, event.currentTarget.checked)}
              />
              <bdi class="truncate">{mailboxName(mailbox)}</bdi>
            </label>
          </li>
        ))}
      </ul>
      {mailboxes.value.size === 0 && <p class="settings-none" aria-busy="true" />}
    </>
  );
}
