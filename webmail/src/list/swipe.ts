// Swiping a row on a touch screen: towards the end archives, towards the start opens the menu. Both have a twin: the
// buttons of the reader and of the selection, and the long press.
import * as act from "./act";
import { openContextMenu, rowItems } from "./menus";

const ENOUGH = 88;

/** Listens on the list; the answer stops. Only fingers: a mouse drags mails to folders. */
export function swipes(rows: HTMLElement): () => void {
  const end = new AbortController();
  let row: HTMLElement | undefined;
  let start = { x: 0, y: 0 };
  let along = false;
  let moved = 0;
  const reset = () => {
    if (row) {
      row.style.removeProperty("--swipe");
      delete row.dataset.swipe;
    }
    row = undefined;
    along = false;
    moved = 0;
  };
  const towardsEnd = () => (document.documentElement.dir === "rtl" ? -1 : 1);
  const options = { signal: end.signal, passive: true };
  rows.addEventListener(
    "touchstart",
    (event) => {
      reset();
      const touch = event.touches[0];
      if (!touch || event.touches.length > 1) return;
      row = (event.target as Element).closest<HTMLElement>("[data-id]") ?? undefined;
      start = { x: touch.clientX, y: touch.clientY };
    },
    options,
  );
  rows.addEventListener(
    "touchmove",
    (event) => {
      const touch = event.touches[0];
      if (!row || !touch) return;
      const x = touch.clientX - start.x;
      if (!along) {
        if (Math.abs(touch.clientY - start.y) > 12) return reset();
        if (Math.abs(x) < 14) return;
        along = true;
      }
      moved = x * towardsEnd();
      row.style.setProperty("--swipe", `${x}px`);
      row.dataset.swipe = moved > 0 ? "archive" : "menu";
    },
    options,
  );
  rows.addEventListener(
    "touchend",
    (event) => {
      const id = row?.dataset.id;
      const box = row?.getBoundingClientRect();
      const far = moved;
      const swiped = along;
      reset();
      if (!swiped || !id || !box) return;
      event.preventDefault();
      if (far > ENOUGH) void act.archive([id]);
      else if (far < -ENOUGH) openContextMenu(box.left + box.width / 3, box.bottom, rowItems(id));
    },
    { signal: end.signal, passive: false },
  );
  rows.addEventListener("touchcancel", reset, options);
  return () => end.abort();
}
