// The reader: subject, then the conversation as cards; read ones are folded to a line, the last is open. The bar of
// actions stays at the top, the field to answer at the bottom.
import { useEffect, useRef, useState } from "preact/hooks";
import { openComposer, preloadComposer } from "../compose/intent";
import { t } from "../i18n";
import { nameList } from "../i18n/dates";
import type { Email, EmailRow, Id } from "../jmap/types";
import { enter, hint } from "../keys";
import * as act from "../list/act";
import { canSnooze, FolderPicker, labelItems, labelOf, rowItems, SnoozePanel } from "../list/menus";
import { displayName } from "../list/Row";
import { closeReader, open, openId } from "../list/selection";
import { labelsOf, setLabel, setSeen } from "../store/actions";
import { body, knownBody, loadRow, loadThread, prefetch, row, thread } from "../store/emails";
import { isOwn } from "../store/identities";
import { conversationsIn, currentList, currentMailbox } from "../store/lists";
import { byRole } from "../store/mailboxes";
import { signInState } from "../store/session";
import { settings } from "../store/settings";
import { layout, onePane, printing } from "../theme";
import { Avatar } from "../ui/Avatar";
import { Button } from "../ui/Button";
import { Icon } from "../ui/Icon";
import { MenuButton } from "../ui/Menu";
import { Card } from "./Card";
import { card, openedEmail, setCard, shownIds } from "./state";

export function Reader() {
  const id = openId.value;
  useEffect(() => enter("reader"), []);
  if (!id) {
    return (
      <section class="reader nothing" aria-label={t("reader")}>
        <div class="empty">
          <Icon name="mail-open" size={40} />
          <p>{t("reader.nothing")}</p>
        </div>
      </section>
    );
  }
  return <Conversation id={id} />;
}

function Conversation({ id }: { id: Id }) {
  const email = row(id).value;
  const [problem, setProblem] = useState<"" | "gone" | "offline">("");
  const scroller = useRef<HTMLElement>(null);
  const together = conversationsIn(currentMailbox.value?.id);
  const members = email && together ? (thread(email.threadId).value ?? [id]) : [id];
  const complete = !email || !together || thread(email.threadId).value !== undefined;

  useEffect(() => {
    setProblem("");
    let left = false;
    if (scroller.current) scroller.current.scrollTop = 0;
    // Where the list is gone, the focus would be lost with its row.
    if (layout.peek() === "none") scroller.current?.focus({ preventScroll: true });
    const load = async () => {
      const known = row(id).peek() ?? (await loadRow(id));
      if (left) return;
      if (!known) setProblem("gone");
      else if (together) {
        // The list knows conversations without the beginnings of their mails.
        const all = thread(known.threadId).peek();
        if (all === undefined || all.some((m) => row(m).peek()?.preview === undefined))
          await loadThread(known.threadId);
      }
    };
    load().catch(() => !left && setProblem("offline"));
    return () => {
      left = true;
    };
  }, [id, together]);

  const emails = members.flatMap((member) => row(member).value ?? []);
  const trash = emails.filter((e) => !isOnlyTrash(e));
  const shown =
    trash.length > 0 && !emails.every(isOnlyTrash) && currentMailbox.value?.role !== "trash" ? trash : emails;
  const ordered = settings.value.newestFirst ? [...shown].reverse() : shown;
  const newest = shown.at(-1);

  useEffect(() => {
    shownIds.value = shown.map((e) => e.id);
    openedEmail.value = newest?.id;
  }, [shown.map((e) => e.id).join()]);
  useNeighbours(id);

  const key = (command: string, text: string) => (hint(command) ? `${text} (${hint(command)})` : text);
  const role = currentMailbox.value?.role;
  const starred = shown.some((e) => e.keywords.$flagged);
  const labels = [...new Set(shown.flatMap(labelsOf))];
  return (
    <section class="reader" aria-label={t("reader")} ref={scroller} tabIndex={-1}>
      <div class="reader-bar" role="toolbar" aria-label={t("reader.actions")}>
        <Button
          icon={onePane.value ? "arrow-left" : "x"}
          flip={onePane.value}
          label={key("back", t("keys.back"))}
          onClick={closeReader}
        />
        {role !== "archive" && (
          <Button icon="archive" label={key("archive", t("archive"))} onClick={() => void act.archive([id])} />
        )}
        <Button icon="trash-2" label={key("delete", t("delete"))} onClick={() => void act.remove([id])} />
        <Button
          icon={role === "junk" ? "shield-check" : "shield-alert"}
          class="wide-only"
          label={key("junk", t(role === "junk" ? "notJunk" : "junk"))}
          onClick={() => void act.junk([id])}
        />
        <Button
          icon="mail"
          class="wide-only"
          label={key("unread", t("markUnread"))}
          onClick={() => void act.setSeen(false, [id])}
        />
        <MenuButton
          icon="folder-input"
          class="mid-only"
          label={key("move", t("move.to"))}
          panel={(close) => <FolderPicker close={close} pick={(m) => void act.moveTo(m, [id])} />}
        />
        <MenuButton icon="tag" class="wide-only" label={key("label", t("labels"))} items={() => labelItems([id])} />
        {canSnooze() && role !== "snoozed" && (
          <MenuButton
            icon="clock"
            class="wide-only"
            label={key("snooze", t("snooze"))}
            panel={(close) => <SnoozePanel close={close} rows={[id]} />}
          />
        )}
        <MenuButton
          icon="ellipsis"
          label={t("more")}
          items={() => [
            ...rowItems(id).slice(1),
            "line",
            {
              label: t("print.all"),
              icon: "printer",
              run: () => void import("./print").then((m) => m.printAll(shown.map((e) => e.id))),
            },
          ]}
        />
        <span class="spring" />
        <Steps id={id} />
      </div>
      {problem ? (
        <Problem problem={problem} />
      ) : !email || (!complete && !knownBody(id)) ? (
        <ReaderSkeleton />
      ) : (
        <div class="conversation">
          <header class="subject">
            <h1 dir="auto">
              {email.subject?.trim() || t("noSubject")}{" "}
              {labels.map((keyword) => {
                const label = labelOf(keyword);
                return (
                  <span key={keyword} class={`label removable label-${label.colour}`}>
                    <span class="truncate">{label.name}</span>
                    <button
                      type="button"
                      aria-label={t("label.remove", { name: label.name })}
                      onClick={() =>
                        void setLabel(
                          shown.map((e) => e.id),
                          keyword,
                          label.name,
                          false,
                        )
                      }
                    >
                      <Icon name="x" size={12} />
                    </button>
                  </span>
                );
              })}
            </h1>
            <Button
              icon="star"
              filled={starred}
              class={starred ? "starred" : undefined}
              label={key("star", t(starred ? "unstar" : "star"))}
              onClick={() => void act.star([id], !starred)}
            />
          </header>
          <Cards emails={ordered} newest={newest?.id} />
          {newest && !newest.keywords.$draft && <ReplyBox email={newest} />}
        </div>
      )}
    </section>
  );
}

function isOnlyTrash(email: EmailRow): boolean {
  const folders = Object.keys(email.mailboxIds);
  return folders.length === 1 && folders[0] === byRole("trash")?.id;
}

/** Which cards are open, and what is read by being open. */
function Cards({ emails, newest }: { emails: EmailRow[]; newest?: Id }) {
  const [unreadAtOpen] = useState(() => new Set<Id>());
  for (const email of emails) if (!email.keywords.$seen) unreadAtOpen.add(email.id);
  const many = emails.length > 6 && !printing.value;
  const [all, setAll] = useState(false);
  const isOpen = (email: EmailRow) => card(email.id).value.open ?? (email.id === newest || unreadAtOpen.has(email.id));
  // A long run of read mails in the middle is one line.
  const middle = many && !all ? emails.slice(1, -2).filter((e) => !isOpen(e)) : [];
  const hidden = new Set(middle.length > 2 ? middle.map((e) => e.id) : []);
  let told = false;
  return (
    <div class="cards">
      {emails.map((email, index) => {
        if (hidden.has(email.id)) {
          if (told) return null;
          told = true;
          return (
            <button key="more" type="button" class="more-cards" onClick={() => setAll(true)}>
              {t("reader.more", { n: hidden.size })}
            </button>
          );
        }
        return (
          <CardSlot
            key={emails.length === 1 ? "one" : email.id}
            email={email}
            open={isOpen(email)}
            only={emails.length === 1}
            index={index}
          />
        );
      })}
    </div>
  );
}

function CardSlot({
  email,
  open: isOpen,
  only,
  index,
}: {
  email: EmailRow;
  open: boolean;
  only: boolean;
  index: number;
}) {
  const [whole, setWhole] = useState<Email | undefined>(knownBody(email.id));
  const [failed, setFailed] = useState(false);
  const [attempt, setAttempt] = useState(0);
  const current = whole?.id === email.id ? whole : knownBody(email.id);
  useEffect(() => {
    if (!isOpen) return;
    let left = false;
    setFailed(false);
    body(email.id).then(
      (loaded) => !left && setWhole(loaded),
      () => !left && setFailed(true),
    );
    return () => {
      left = true;
    };
  }, [email.id, isOpen, attempt, signInState.value === "in"]);
  useReadMark(email, isOpen && current !== undefined);
  return (
    <Card
      email={email}
      whole={isOpen ? current : undefined}
      open={isOpen}
      only={only}
      index={index}
      failed={failed}
      retry={() => setAttempt(attempt + 1)}
      onToggle={() => setCard(email.id, { open: !isOpen })}
    />
  );
}

/** Marks as read when it has been seen: at once, after two seconds, or never by itself. */
function useReadMark(email: EmailRow, seen: boolean): void {
  const unread = !email.keywords.$seen;
  useEffect(() => {
    const how = settings.peek().markRead;
    if (!seen || !unread || how === "never") return;
    const timer = setTimeout(() => void setSeen([email.id], true, false), how === "at-once" ? 50 : 2000);
    return () => clearTimeout(timer);
  }, [email.id, seen]);
}

/** The mails before and after are probably next. */
function useNeighbours(id: Id): void {
  useEffect(() => {
    const timer = setTimeout(() => {
      const list = currentList.peek();
      if (!list) return;
      const at = list.indexOf(id);
      if (at < 0) return;
      prefetch([list.at(at + 1), list.at(at - 1)].filter((n): n is Id => n !== undefined));
    }, 150);
    return () => clearTimeout(timer);
  }, [id]);
}

function Steps({ id }: { id: Id }) {
  const list = currentList.value;
  void list?.version.value;
  const at = list?.indexOf(id) ?? -1;
  if (!list || at < 0) return null;
  const before = list.at(at - 1);
  const after = list.at(at + 1);
  const key = (command: string, text: string) => (hint(command) ? `${text} (${hint(command)})` : text);
  return (
    <>
      <span class="position digits wide-only">{t("reader.position", { n: at + 1, total: list.length })}</span>
      <Button
        icon="chevron-up"
        label={key("previous", t("keys.previous"))}
        disabled={!before}
        onClick={() => before && open(before)}
      />
      <Button
        icon="chevron-down"
        label={key("next", t("keys.next"))}
        disabled={!after}
        onClick={() => after && open(after)}
      />
    </>
  );
}

function ReplyBox({ email }: { email: EmailRow }) {
  const from = email.from?.[0];
  const mine = from ? isOwn(from.email) : false;
  const to = mine ? email.to?.[0] : from;
  const others = [...(email.to ?? []), ...((knownBody(email.id)?.cc ?? []) as { email: string }[])].filter(
    (a) => !isOwn(a.email),
  );
  const several = mine ? others.length > 1 : others.some((a) => a.email !== from?.email);
  const answer = (kind: "reply" | "replyAll" | "forward") => async () =>
    openComposer({ kind, email: await body(email.id) });
  return (
    <div class="reply-box">
      <button
        type="button"
        class="reply-field"
        onPointerEnter={() => void preloadComposer()}
        onClick={answer(several && settings.value.replyAll ? "replyAll" : "reply")}
      >
        <Avatar name={to ? displayName(to) : ""} email={to?.email ?? ""} size={28} />
        <span class="truncate">{t("reader.replyTo", { name: to ? displayName(to) : nameList([]) })}</span>
      </button>
      {several && (
        <Button icon="reply-all" flip kind="outline" onClick={answer("replyAll")}>
          {t("replyAll")}
        </Button>
      )}
      <Button icon="forward" flip kind="outline" onClick={answer("forward")}>
        {t("forward")}
      </Button>
    </div>
  );
}

function Problem({ problem }: { problem: "gone" | "offline" }) {
  return (
    <div class="empty">
      <h2>{t(problem === "gone" ? "reader.gone" : "reader.failed")}</h2>
      <p>{t(problem === "gone" ? "reader.gone.text" : "error.offline")}</p>
      <Button kind="outline" onClick={problem === "gone" ? closeReader : () => location.reload()}>
        {t(problem === "gone" ? "reader.backToList" : "retry")}
      </Button>
    </div>
  );
}

function ReaderSkeleton() {
  return (
    <div class="conversation reader-skeleton" aria-busy="true" aria-label={t("loading")}>
      <i class="bar wide" />
      <i class="bar" />
      <i class="bar" />
      <i class="bar short" />
    </div>
  );
}
