import spriteUrl from "./sprite.svg?url";

/** Names are listed in icon-names.json; the build cuts exactly those into the sprite. */
export type IconName = typeof import("./icon-names.json")[number] | string;

/** A drawing beside text; a button with only an icon has its own `label`. */
export function Icon({ name, size = 18, flip = false, filled = false }: IconProps) {
  const classes = `icon${flip ? " flips" : ""}${filled ? " filled" : ""}`;
  return (
    <svg class={classes} width={size} height={size} aria-hidden="true" focusable="false">
      <use href={`${spriteUrl}#${name}`} />
    </svg>
  );
}
export interface IconProps {
  name: IconName;
  size?: number;
  /** Arrows and the like turn round in right-to-left. */
  flip?: boolean;
  filled?: boolean;
}
