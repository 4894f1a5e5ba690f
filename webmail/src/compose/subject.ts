// "Re:" and "Fwd:" once. Other programs translate the prefix; all that are in use are known, so that a long
// conversation does not collect "Re: AW: SV: Re:". Ours is always "Re:" (RFC 5322 §3.6.5) and "Fwd:".

const REPLY =
  "re|aw|antw|antwort|sv|vs|vá|rif|ref|res|rép|rép\\.|odp|ynt|yan|atb|bls|ang|απ|σχετ|отв|回复|回覆|答复|答覆|返信";
const FORWARD =
  "fwd?|wg|tr|rv|enc|i|pd|doorst|vb|vl|fs|fw|továbbítás|ilt|trs|İlt|πρθ|пересл|転送|转发|轉寄|inoltra|transf|wtr";
const ANY = new RegExp(`^\\s*(?:${REPLY}|${FORWARD})\\s*(?:\\[\\d+\\]|\\(\\d+\\)|\\^\\d+)?\\s*[:：]\\s*`, "iu");
const LIST_TAG = /^\s*(\[[^\]]{1,40}\])\s*/u;

/** The subject without prefixes. A list's "[tag]" between them stays, once. */
export function bare(subject: string | null): string {
  let rest = (subject ?? "").trim();
  let tag = "";
  for (;;) {
    const prefix = ANY.exec(rest);
    if (prefix) {
      rest = rest.slice(prefix[0].length);
      continue;
    }
    const found = LIST_TAG.exec(rest);
    if (found && ANY.test(rest.slice(found[0].length))) {
      tag = found[1] ?? "";
      rest = rest.slice(found[0].length);
      continue;
    }
    if (tag && !rest.startsWith(tag)) return `${tag} ${rest}`.trim();
    return rest;
  }
}

export const replySubject = (subject: string | null) => `Re: ${bare(subject)}`.trim();
export const forwardSubject = (subject: string | null) => `Fwd: ${bare(subject)}`.trim();
