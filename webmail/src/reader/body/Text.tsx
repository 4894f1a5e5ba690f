// A plain text body: text nodes, links as elements, quotes by their level; the quoted tail is folded.
import type { ComponentChildren } from "preact";
import { openComposer } from "../../compose/intent";
import { t } from "../../i18n";
import { route } from "../../router";
import { wordsOf } from "../../search/language";
import { linkify } from "./links";

interface Block {
  level: number;
  lines: string[];
}

/** Lines of the same level of quoting belong together. Soft line breaks of format=flowed (RFC 3676) are joined. */
export function blocks(text: string, flowed: boolean): Block[] {
  const out: Block[] = [];
  let open = false;
  for (const raw of text.replace(/\r\n?/g, "\n").replace(/\n+$/, "").split("\n")) {
    const quote = /^(?:>\s?)+/.exec(raw)?.[0] ?? "";
    const level = quote.replace(/\s/g, "").length;
    let line = raw.slice(quote.length);
    if (flowed && level === 0 && line.startsWith(" ")) line = line.slice(1);
    const block = out.at(-1);
    if (block?.level === level) {
      if (open) block.lines[block.lines.length - 1] += line;
      else block.lines.push(line);
    } else out.push({ level, lines: [line] });
    open = flowed && line.endsWith(" ") && line !== "-- ";
  }
  return out;
}

export function TextBody({ text, flowed }: { text: string; flowed: boolean }) {
  const at = route.value;
  const words = at.at === "search" ? wordsOf(at.query).filter((w) => w.length > 1) : [];
  const all = blocks(text, flowed);
  // The last quoted block and everything quoted directly before the end is the tail; its introduction stays in sight.
  let tail = all.length;
  while (tail > 0 && ((all[tail - 1]?.level ?? 0) > 0 || all[tail - 1]?.lines.every((l) => !l.trim()))) tail--;
  const hidden = tail > 0 && tail < all.length ? all.slice(tail) : [];
  const shown = hidden.length > 0 ? all.slice(0, tail) : all;
  return (
    <div class="text-body" dir="auto">
      {shown.map((block, i) => (
        <Lines key={i} block={block} words={words} />
      ))}
      {hidden.length > 0 && (
        <details class="text-quote">
          <summary title={t("quote.show")} aria-label={t("quote.show")}>
            •••
          </summary>
          {hidden.map((block, i) => (
            <Lines key={i} block={block} words={words} />
          ))}
        </details>
      )}
    </div>
  );
}

function Lines({ block, words }: { block: Block; words: string[] }) {
  const text = block.lines.join("\n");
  const signature = block.level === 0 ? text.search(/(^|\n)-- ?\n/) : -1;
  const content =
    signature >= 0 ? (
      <>
        {pieces(text.slice(0, signature), words)}
        <span class="signature">{pieces(text.slice(signature), words)}</span>
      </>
    ) : (
      pieces(text, words)
    );
  return block.level > 0 ? (
    <blockquote class={`level-${Math.min(block.level, 4)}`}>{content}</blockquote>
  ) : (
    <div dir="auto">{content}</div>
  );
}

function pieces(text: string, words: string[]): ComponentChildren[] {
  return linkify(text).map((piece, i) => {
    if (!("href" in piece)) return <span key={i}>{highlight(piece.text, words)}</span>;
    return (
      <a
        key={i}
        href={piece.href}
        target="_blank"
        rel="noopener noreferrer"
        onClick={(event) => {
          if (!piece.href.startsWith("mailto:")) return;
          event.preventDefault();
          void openComposer({ kind: "mailto", url: piece.href });
        }}
      >
        {piece.text}
      </a>
    );
  });
}

export function highlight(text: string, words: string[]): ComponentChildren {
  if (words.length === 0) return text;
  const pattern = new RegExp(`(${words.map((w) => w.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|")})`, "giu");
  const parts = text.split(pattern);
  return parts.length < 2 ? text : parts.map((part, i) => (i % 2 ? <mark key={i}>{part}</mark> : part));
}
