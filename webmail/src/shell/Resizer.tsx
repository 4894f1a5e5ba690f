import { useRef } from "preact/hooks";

/** The line between two panes: dragged, or moved by the arrow keys. */
export function Resizer(props: {
  label: string;
  value: number;
  min: number;
  max: number;
  vertical?: boolean;
  onChange: (value: number) => void;
}) {
  const start = useRef<{ at: number; value: number } | undefined>(undefined);
  const limit = (value: number) => Math.round(Math.max(props.min, Math.min(props.max, value)));
  const along = (event: PointerEvent) => (props.vertical ? event.clientY : event.clientX);
  const sign = () => (!props.vertical && document.documentElement.dir === "rtl" ? -1 : 1);
  return (
    <div
      class={props.vertical ? "resizer vertical" : "resizer"}
      role="separator"
      tabIndex={0}
      aria-orientation={props.vertical ? "horizontal" : "vertical"}
      aria-label={props.label}
      aria-valuenow={props.value}
      aria-valuemin={props.min}
      aria-valuemax={props.max}
      onPointerDown={(event) => {
        start.current = { at: along(event), value: props.value };
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={(event) => {
        if (start.current) props.onChange(limit(start.current.value + sign() * (along(event) - start.current.at)));
      }}
      onPointerUp={() => {
        start.current = undefined;
      }}
      onKeyDown={(event) => {
        const [less, more] = props.vertical ? ["ArrowUp", "ArrowDown"] : ["ArrowLeft", "ArrowRight"];
        const step = event.key === less ? -16 : event.key === more ? 16 : 0;
        if (!step) return;
        event.preventDefault();
        event.stopPropagation();
        props.onChange(limit(props.value + sign() * step));
      }}
    />
  );
}
