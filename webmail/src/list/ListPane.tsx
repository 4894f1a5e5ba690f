// The list of mails. Rows have one height, so the scroll bar is honest: the spacer is as tall as all mails together,
// only the rows in sight exist. Browsers cap the height of an element (Firefox below 18 million px); above 10 million
// the spacer is scaled and the position mapped in proportion.
import { batch, useComputed, useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { t } from "../i18n";
import { dayLabel } from "../i18n/dates";
import { preloadFrame } from "../reader/body/lazy";
import { prefetch, row } from "../store/emails";
import type { MailList } from "../store/list";
import { currentList, currentMailbox, view } from "../store/lists";
import { mailboxName } from "../store/mailboxes";
import { settings } from "../store/settings";
import { density, layout, phone } from "../theme";
import { Button } from "../ui/Button";
import { EmptyList } from "./EmptyList";
import { MAX_SPACER, scrollFor, span } from "./geometry";
import { ListHeader, TableHead } from "./ListHeader";
import { openContextMenu, rowItems } from "./menus";
import { Row, SkeletonRow } from "./Row";
import { cursor, focusCursor, open, openId, selected, selectTo, setAnchor, toggle } from "./selection";
import { swipes } from "./swipe";

const HEIGHTS = { roomy: 84, normal: 64, compact: 36, table: 30 };
const SCALE = { s: 14.5 / 16, m: 1, l: 18 / 16, xl: 20 / 16 };

export function rowHeight(): number {
  const base = HEIGHTS[phone.value && density.value !== "roomy" ? "normal" : density.value];
  return Math.round(base * SCALE[settings.value.fontSize]);
}

export function ListPane() {
  const list = currentList.value;
  const name = currentMailbox.value ? mailboxName(currentMailbox.value) : t("search.results");
  return (
    <section class="list-pane" aria-label={name}>
      <ListHeader />
      {density.value === "table" && <TableHead />}
      {list ? <Rows key={list.key} list={list} /> : <div class="list-scroll" />}
    </section>
  );
}

function Rows({ list }: { list: MailList }) {
  const box = useRef<HTMLDivElement>(null);
  const scroll = useSignal(0);
  const height = useSignal(600);
  const late = useSignal(false);
  const tall = rowHeight();
  const listSignal = useSignal(list);
  listSignal.value = list;
  const total = list.total.value;
  const rows = total ?? 0;
  const shown = useComputed(() => {
    void listSignal.value.version.value;
    const count = listSignal.value.total.value ?? 0;
    return span(scroll.value, height.value, count, rowHeight());
  });

  useLayoutEffect(() => {
    const node = box.current;
    if (!node) return;
    const measure = () => {
      height.value = node.clientHeight;
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(node);
    return () => observer.disconnect();
  }, []);

  useEffect(() => (box.current ? swipes(box.current) : undefined), [total === undefined, total === 0]);

  // A filter or another order is another list in the same place: it begins at the top.
  useLayoutEffect(() => {
    if (box.current) box.current.scrollTop = 0;
    scroll.value = 0;
    late.value = false;
    const timer = setTimeout(() => {
      late.value = true;
    }, 150);
    return () => clearTimeout(timer);
  }, [list]);

  // Pages in sight are fetched at once when the scroll is slow; in a fast drag only where it rests.
  const lastLoad = useRef(0);
  useSignalEffect(() => {
    const { first, last } = shown.value;
    const current = listSignal.value;
    const now = performance.now();
    const quick = now - lastLoad.current < 60;
    lastLoad.current = now;
    if (!quick) {
      current.load(first, last);
      return;
    }
    const timer = setTimeout(() => current.load(first, last), 60);
    return () => clearTimeout(timer);
  });

  // Rows that will probably be opened: the first five unread.
  useEffect(() => {
    if (total !== undefined) void preloadFrame();
    const idle = setTimeout(() => {
      const unread: string[] = [];
      for (let i = 0; i < Math.min(PREFETCH_ROWS, list.length) && unread.length < 5; i++) {
        const id = list.at(i);
        if (id && !row(id).peek()?.keywords.$seen) unread.push(id);
      }
      if (unread.length > 0) prefetch(unread);
    }, 400);
    return () => clearTimeout(idle);
  }, [list, total === undefined]);

  // The cursor's row comes into sight and takes the focus when the keyboard moved it.
  useSignalEffect(() => {
    if (focusCursor.value === 0) return;
    const index = cursor.peek();
    const node = box.current;
    if (!node) return;
    const count = listSignal.peek().length;
    if (count * rowHeight() <= MAX_SPACER) {
      const top = index * rowHeight();
      const strip = dayStrip() ? 28 : 0;
      if (top < node.scrollTop + 0) node.scrollTop = top;
      else if (top + rowHeight() + strip > node.scrollTop + node.clientHeight)
        node.scrollTop = top + rowHeight() + strip - node.clientHeight;
    } else {
      const { first, last } = shown.peek();
      if (index < first + 6 || index > last - 6)
        node.scrollTop = scrollFor(index, node.clientHeight, count, rowHeight());
    }
    scroll.value = node.scrollTop;
    requestAnimationFrame(() => {
      const active = document.activeElement;
      if (
        active &&
        active !== document.body &&
        !node.contains(active) &&
        active.closest("dialog, [popover], .composer")
      )
        return;
      node.querySelector<HTMLElement>(`[data-index="${index}"]`)?.focus({ preventScroll: true });
    });
  });

  const onScroll = () => {
    if (box.current) scroll.value = box.current.scrollTop;
  };
  const onClick = (event: MouseEvent) => {
    const at = place(event.target);
    if (!at || (event.target as Element).closest("[data-act]")) return;
    if (event.shiftKey) {
      event.preventDefault();
      void selectTo(at.index);
      return;
    }
    if (event.ctrlKey || event.metaKey || (event.target as Element).closest("[data-check]")) {
      toggle(at.id, at.index);
      return;
    }
    if (event.detail > 1 && layout.peek() !== "none") return;
    batch(() => {
      cursor.value = at.index;
      setAnchor(at.index);
      open(at.id);
    });
  };
  const hover = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const onPointerOver = (event: PointerEvent) => {
    const at = place(event.target);
    clearTimeout(hover.current);
    // The row under the pointer will perhaps be opened.
    if (at && event.pointerType === "mouse") hover.current = setTimeout(() => prefetch([at.id]), 60);
  };
  const onContextMenu = (event: MouseEvent) => {
    const at = place(event.target);
    if (!at) return;
    event.preventDefault();
    cursor.value = at.index;
    const box = (event.target as Element).closest("[data-index]")?.getBoundingClientRect();
    const byKey = event.clientX === 0 && event.clientY === 0;
    openContextMenu(
      byKey && box ? box.left + 24 : event.clientX,
      byKey && box ? box.bottom : event.clientY,
      rowItems(at.id),
    );
  };
  const onDragStart = (event: DragEvent) => {
    const at = place(event.target);
    if (!at || !event.dataTransfer) return;
    const chosen = selected.peek();
    const ids = chosen.has(at.id) ? [...chosen] : [at.id];
    event.dataTransfer.setData("application/x-tamanoir-mails", JSON.stringify(ids));
    event.dataTransfer.effectAllowed = "copyMove";
    const ghost = document.createElement("div");
    ghost.className = "drag-ghost";
    ghost.textContent = t("drag.mails", { n: ids.length });
    document.body.append(ghost);
    event.dataTransfer.setDragImage(ghost, -8, -8);
    setTimeout(() => ghost.remove());
  };

  if (list.failure.value && total === undefined) {
    return (
      <div class="list-scroll">
        <div class="empty">
          <h2>{t("list.failed")}</h2>
          <p>{list.failure.value.type === "offline" ? t("error.offline") : list.failure.value.message}</p>
          <Button
            kind="primary"
            onClick={() => {
              list.failure.value = undefined;
              list.load(0, 20);
            }}
          >
            {t("retry")}
          </Button>
        </div>
      </div>
    );
  }
  if (total === 0) {
    return (
      <div class="list-scroll" ref={box}>
        <EmptyList />
      </div>
    );
  }
  const { first, last, top } = shown.value;
  const spacer = Math.min(rows * tall, MAX_SPACER);
  const opened = openId.value;
  const at = cursor.value;
  const drawn: number[] = [];
  if (total !== undefined) for (let i = first; i <= last; i++) drawn.push(i);
  // The row with the focus stays, wherever the list is scrolled to.
  const kept = at < rows && (at < first || at > last) ? at : undefined;
  return (
    <div class="list-scroll" ref={box} onScroll={onScroll}>
      {dayStrip() && total !== undefined && (
        <DayStrip list={list} scroll={scroll.value} height={height.value} tall={tall} />
      )}
      <div
        role="grid"
        aria-label={t("list.mails")}
        aria-rowcount={total ?? -1}
        aria-multiselectable="true"
        aria-busy={total === undefined}
        class="rows"
        style={{ blockSize: total === undefined ? "100%" : `${spacer}px` }}
        onClick={onClick}
        onPointerOver={onPointerOver}
        onContextMenu={onContextMenu}
        onDragStart={onDragStart}
      >
        {total === undefined &&
          late.value &&
          Array.from({ length: 14 }, (_, i) => <SkeletonRow key={i} top={i * tall} tall={tall} index={i} />)}
        {drawn.map((index) => {
          const id = list.at(index);
          const y = top + (index - first) * tall;
          return id === undefined ? (
            <SkeletonRow key={`s${index}`} top={y} tall={tall} index={index} />
          ) : (
            <Row
              key={id}
              id={id}
              list={list}
              index={index}
              top={y}
              tall={tall}
              opened={opened === id}
              focusable={index === at || (index === first && (at < 0 || at >= rows))}
            />
          );
        })}
        {kept !== undefined && list.at(kept) !== undefined && (
          <Row
            key={list.at(kept)}
            id={list.at(kept)!}
            list={list}
            index={kept}
            top={top + (kept - first) * tall}
            tall={tall}
            opened={opened === list.at(kept)}
            focusable
          />
        )}
      </div>
    </div>
  );
}
const PREFETCH_ROWS = 20;

function place(target: EventTarget | null): { id: string; index: number } | undefined {
  const node = (target as Element | null)?.closest?.<HTMLElement>("[data-index]");
  const id = node?.dataset.id;
  return node && id ? { id, index: Number(node.dataset.index) } : undefined;
}

const dayStrip = () =>
  settings.value.dayLabels &&
  view.value.sort === "receivedAt" &&
  (density.value === "normal" || density.value === "roomy");

/** The day of the row at the top, on a strip that stays. */
function DayStrip({ list, scroll, height, tall }: { list: MailList; scroll: number; height: number; tall: number }) {
  const whole = list.length * tall;
  const at = whole > MAX_SPACER ? span(scroll, height, list.length, tall).first + 6 : Math.floor(scroll / tall);
  const id = list.at(Math.min(at, Math.max(0, list.length - 1)));
  const email = id ? row(id).value : undefined;
  return (
    <div class="day-strip" aria-hidden="true">
      {email ? dayLabel(new Date(email.receivedAt)) : "\u00a0"}
    </div>
  );
}
