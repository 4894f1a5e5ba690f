import { LABEL_COLOURS } from "../store/settings";

/** The first letters of a name on a ground that is always the same for an address: no picture is fetched. */
export function Avatar({ name, email, size = 32 }: { name: string; email: string; size?: number }) {
  let sum = 0;
  for (const char of email.toLowerCase()) sum = (sum * 31 + (char.codePointAt(0) ?? 0)) >>> 0;
  const colour = LABEL_COLOURS[sum % LABEL_COLOURS.length];
  return (
    <span
      class={`avatar label-${colour}`}
      style={{ inlineSize: `${size}px`, blockSize: `${size}px` }}
      aria-hidden="true"
    >
      {initials(name || email)}
    </span>
  );
}

export function initials(name: string): string {
  const words = name
    .replace(/["'(<[].*$|["']/g, "")
    .trim()
    .split(/[\s.@_-]+/)
    .filter(Boolean);
  const first = [...(words[0] ?? "?")][0] ?? "?";
  const second = words.length > 1 && !name.includes("@") ? ([...(words[words.length - 1] ?? "")][0] ?? "") : "";
  return (first + second).toLocaleUpperCase();
}
