import type { ComponentChildren } from "preact";
import { Icon, type IconName } from "./Icon";

export interface ButtonProps {
  children?: ComponentChildren;
  icon?: IconName;
  /** Only an icon is seen; the label is spoken and is the tooltip. */
  label?: string;
  kind?: "primary" | "plain" | "outline" | "danger";
  small?: boolean;
  flip?: boolean;
  filled?: boolean;
  pressed?: boolean;
  disabled?: boolean;
  type?: "button" | "submit";
  class?: string;
  onClick?: (event: MouseEvent) => void;
  /** Further attributes: popovertarget, aria-*, data-*, id. */
  [attribute: string]: unknown;
}

/** Every button of the program. `kind="primary"` occurs once on a screen. */
export function Button(props: ButtonProps) {
  const {
    children,
    icon,
    label,
    kind = "plain",
    small,
    flip,
    filled,
    pressed,
    type = "button",
    class: own,
    "aria-label": spoken = label,
    title = label,
    ...rest
  } = props;
  const classes = ["button", kind, small && "small", !children && icon && "only", own].filter(Boolean).join(" ");
  return (
    <button
      {...(rest as object)}
      type={type}
      class={classes}
      aria-label={spoken as string | undefined}
      title={title as string | undefined}
      aria-pressed={pressed}
    >
      {icon && <Icon name={icon} flip={flip} filled={filled} />}
      {children && <span class="text">{children}</span>}
    </button>
  );
}
