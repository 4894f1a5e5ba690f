// The 48 px above the list: what is shown and how; with a selection it turns into the bar of actions in place.
import { t } from "../i18n";
import { hint } from "../keys";
import { currentList, currentMailbox, type SortBy, view } from "../store/lists";
import { mailboxName } from "../store/mailboxes";
import { change, settings } from "../store/settings";
import { layout, phone } from "../theme";
import { Button } from "../ui/Button";
import { Icon } from "../ui/Icon";
import { MenuButton, type MenuItem } from "../ui/Menu";
import * as act from "./act";
import { canSnooze, FolderPicker, labelItems, SnoozePanel } from "./menus";
import { allSelected, clearSelection, selectAll, selected, selecting } from "./selection";

const SORTS: SortBy[] = ["receivedAt", "from", "subject", "size", "starred", "unread"];

export function ListHeader() {
  if (!selecting.value) return <TitleBar />;
  const mailbox = currentMailbox.value;
  return (
    <>
      <h1 class="sr">{mailbox ? mailboxName(mailbox) : t("search.results")}</h1>
      <SelectionBar />
    </>
  );
}

function SelectBox() {
  const list = currentList.value;
  const n = selected.value.size;
  const all = allSelected.value || (n > 0 && n === list?.length);
  return (
    <input
      type="checkbox"
      class="select-all"
      checked={all}
      indeterminate={n > 0 && !all}
      disabled={!list?.length}
      aria-label={t(n > 0 ? "selection.clear" : "selection.all")}
      title={t(n > 0 ? "selection.clear" : "selection.all")}
      onClick={(event) => {
        event.preventDefault();
        if (n > 0) clearSelection();
        else void selectAll();
      }}
    />
  );
}

function TitleBar() {
  const list = currentList.value;
  void list?.version.value;
  const mailbox = currentMailbox.value;
  const shown = view.value;
  const total = list?.total.value;
  const filter = (name: "unread" | "starred" | "files", icon: string) => (
    <Button
      icon={icon}
      small
      label={t(`filter.${name}`)}
      pressed={shown[name]}
      class="filter"
      onClick={() => {
        view.value = { ...shown, [name]: !shown[name] };
      }}
    />
  );
  const sorting = (): MenuItem[] => [
    { heading: t("sort.by") },
    ...SORTS.map(
      (by): MenuItem => ({
        label: t(`sort.${by}`),
        checked: shown.sort === by,
        run: () => {
          view.value = { ...view.peek(), sort: by, ascending: by === "from" || by === "subject" };
        },
      }),
    ),
    "line",
    {
      label: t("sort.descending"),
      checked: !shown.ascending,
      run: () => (view.value = { ...view.peek(), ascending: false }),
    },
    {
      label: t("sort.ascending"),
      checked: shown.ascending,
      run: () => (view.value = { ...view.peek(), ascending: true }),
    },
    ...(mailbox
      ? ([
          "line",
          {
            label: t("conversations.here"),
            checked: list?.query.collapse ?? false,
            run: () => {
              const others = settings.peek().conversationExceptions.filter((id) => id !== mailbox.id);
              const exception = settings.peek().conversationExceptions.includes(mailbox.id);
              change({ conversationExceptions: exception ? others : [...others, mailbox.id] });
            },
          },
        ] as MenuItem[])
      : []),
    "line",
    { heading: t("density") },
    ...(["roomy", "normal", "compact", "table"] as const)
      .filter((d) => d !== "table" || layout.value === "none")
      .map(
        (d): MenuItem => ({
          label: t(`density.${d}`),
          checked: settings.value.density === d,
          run: () => change({ density: d }),
        }),
      ),
    ...(phone.value
      ? []
      : ([
          { heading: t("layout") },
          ...(["right", "below", "none"] as const).map((l) => ({
            label: t(`layout.${l}`),
            checked: settings.value.layout === l,
            run: () => change({ layout: l }),
          })),
        ] as MenuItem[])),
  ];
  return (
    <header class="list-header">
      <SelectBox />
      <h1 class="truncate">
        {mailbox ? mailboxName(mailbox) : t("search.results")}
        {total !== undefined && total > 0 && <span class="count digits"> {t("list.count", { n: total })}</span>}
      </h1>
      <span class="filters" role="group" aria-label={t("filters")}>
        {filter("unread", "mail")}
        {filter("starred", "star")}
        {filter("files", "paperclip")}
      </span>
      <MenuButton icon="sliders-horizontal" small label={t("view.options")} items={sorting} />
    </header>
  );
}

function SelectionBar() {
  const n = allSelected.value ? (currentList.value?.length ?? 0) : selected.value.size;
  const list = currentList.value;
  const rows = [...selected.value];
  const role = currentMailbox.value?.role;
  const unread = rows.some(act.isUnread);
  const key = (id: string, text: string) => (hint(id) ? `${text} (${hint(id)})` : text);
  const offerAll =
    !allSelected.value && list && rows.length > 0 && rows.length < list.length && rows.length >= list.known().length;
  return (
    <div class="list-header selection-bar" role="toolbar" aria-label={t("selection.actions")}>
      <SelectBox />
      <span class="truncate selection-count" role="status">
        {t("selection.count", { n })}
      </span>
      {offerAll && (
        <Button small onClick={() => (allSelected.value = true)}>
          {t("selection.everything", { n: list.length })}
        </Button>
      )}
      {role !== "archive" && (
        <Button icon="archive" small label={key("archive", t("archive"))} onClick={() => void act.archive()} />
      )}
      <Button icon="trash-2" small label={key("delete", t("delete"))} onClick={() => void act.remove()} />
      <MenuButton
        icon="folder-input"
        small
        label={key("move", t("move.to"))}
        panel={(close) => <FolderPicker close={close} pick={(m) => void act.moveTo(m)} />}
      />
      <MenuButton icon="tag" small label={key("label", t("labels"))} items={() => labelItems([...selected.peek()])} />
      <MenuButton
        icon="ellipsis"
        small
        label={t("more")}
        items={() => [
          {
            label: t(unread ? "markRead" : "markUnread"),
            icon: unread ? "mail-open" : "mail",
            run: () => void act.setSeen(unread),
          },
          { label: t("star"), icon: "star", run: () => void act.star(undefined, true) },
          { label: t("unstar"), icon: "star", run: () => void act.star(undefined, false) },
          {
            label: t(role === "junk" ? "notJunk" : "junk"),
            icon: "shield-alert",
            run: () => void act.junk(),
          },
        ]}
      />
      {canSnooze() && role !== "snoozed" && !allSelected.value && !phone.value && (
        <MenuButton
          icon="clock"
          small
          label={key("snooze", t("snooze"))}
          panel={(close) => <SnoozePanel close={close} rows={rows} />}
        />
      )}
      <Button icon="x" small label={t("selection.clear")} onClick={clearSelection} />
    </div>
  );
}

/** Column heads of the table; a click sorts, a second one turns the order. */
export function TableHead() {
  const shown = view.value;
  const column = (by: SortBy, text: string, name: string) => (
    <button
      type="button"
      class={`column ${name}`}
      aria-pressed={shown.sort === by}
      aria-label={t("sort.column", { column: text })}
      onClick={() => {
        view.value = {
          ...shown,
          sort: by,
          ascending: shown.sort === by ? !shown.ascending : by === "from" || by === "subject",
        };
      }}
    >
      <span class="truncate">{text}</span>
      {shown.sort === by && <Icon name={shown.ascending ? "arrow-up" : "arrow-down"} size={14} />}
    </button>
  );
  return (
    <div class="table-head">
      <span class="row-check" />
      {column("starred", "★", "col-star")}
      {column("from", t("sort.from"), "col-who")}
      {column("subject", t("sort.subject"), "col-subject")}
      {column("size", t("sort.size"), "col-size")}
      {column("receivedAt", t("sort.receivedAt"), "col-date")}
    </div>
  );
}
