// Did the person mean to attach something? Words that announce a file in English, French, German and Spanish, looked
// for in what the person wrote: never in the quote, the signature or a web address.

const WORDS = [
  // English: "attached", "see attachment", "I enclose", "here is the file"
  "attach(?:ed|ing|ment|ments)?",
  "enclos(?:ed|ing|ure|ures)",
  "(?:here(?:'s| is| are)|find|sending you) (?:the|my|our) (?:file|document|invoice|contract|cv|resume|scan|pdf|slides|screenshot)s?",
  // French
  "ci-?joint(?:e|s|es)?",
  "pi[eè]ces? jointes?",
  "en pi[eè]ces? jointes?",
  "(?:je|nous) (?:vous |te |t')?joins",
  "joignons",
  "en annexe",
  "fichiers? joints?",
  // German
  "anhang",
  "anhänge",
  "anbei",
  "angehängt(?:e|en|er|es)?",
  "beigefügt(?:e|en|er|es)?",
  "beiliegend(?:e|en|er|es)?",
  "im attachment",
  // Spanish
  "adjunt(?:o|a|os|as|é|amos|ado|ada|ados|adas|ar)",
  "archivos? adjuntos?",
  "anexo|anexos|anexad[oa]s?",
];
const ANNOUNCES = new RegExp(`(?<![\\p{L}\\p{N}-])(?:${WORDS.join("|")})(?![\\p{L}\\p{N}])`, "iu");
// "no attachment", "without attachments", "sans pièce jointe", "ohne Anhang", "sin adjunto"; "I am attached to".
const DENIES =
  /(?:\b(?:no|not|without|remove[sd]?|sans|aucune?|ohne|kein(?:e|en|em)?|sin|ning[uú]n)\s+(?:the |an? |any |la |le |les |el )?(?:\p{L}+\s)?(?:attach\p{L}*|enclos\p{L}*|pi[eè]ces? jointes?|fichiers? joints?|anh[aä]ng\p{L}*|adjunt\p{L}*|anexos?))|(?:attached to (?:you|him|her|them|my|our|it|the (?:idea|house|place)))/giu;

/** The word that announces an attachment, or undefined. */
export function announced(subject: string, ownText: string): string | undefined {
  const text = `${subject}\n${ownText}`.replace(/\b(?:https?:\/\/|www\.)\S+/giu, " ").replace(DENIES, " ");
  return ANNOUNCES.exec(text)?.[0];
}

/** The part of a plain text that the person wrote: no quoted lines, no attribution above them, no signature. */
export function ownWords(text: string): string {
  const lines = text.split(/\r?\n/);
  const end = lines.indexOf("-- ");
  const kept = end >= 0 && !lines.slice(end).some((line) => line.startsWith(">")) ? lines.slice(0, end) : lines;
  return kept.filter((line, i) => !line.startsWith(">") && !(line.endsWith(":") && nextQuoted(kept, i))).join("\n");
}
const nextQuoted = (lines: string[], i: number) =>
  (lines[i + 1] ?? "").startsWith(">") || ((lines[i + 1] ?? "x").trim() === "" && (lines[i + 2] ?? "").startsWith(">"));
