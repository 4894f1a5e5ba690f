// The one policy of ours for Trusted Types. Text becomes HTML only here, and only for a parser whose document is inert:
// it has no window, runs nothing and fetches nothing. What leaves it goes through DOMPurify as nodes, never as text.
interface Policy {
  createHTML(text: string): string;
  createScriptURL(text: string): string;
}
interface TrustedTypes {
  createPolicy(name: string, rules: Policy): Policy;
}
/** The worker that reads PDF files, under the name that the build gives it. */
const PDF_WORKER = /^\/assets\/pdf\.worker\.min-[\w-]+\.mjs$/;
const rules: Policy = {
  createHTML: (text) => text,
  createScriptURL: (url) => {
    if (url !== "/sw.js" && !PDF_WORKER.test(url)) throw new TypeError("Only our own workers are loaded by address.");
    return url;
  },
};
const factory = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes;
const policy = factory ? factory.createPolicy("tamanoir", rules) : rules;

/**
 * Parses a mail's HTML into an inert document. With the window of a frame, the document is under the frame's policy and
 * not the app's, which would report each style attribute.
 */
export function parseInert(html: string, view?: Window | null): Document {
  const parser = view ? new (view as Window & typeof globalThis).DOMParser() : new DOMParser();
  return parser.parseFromString(policy.createHTML(html), "text/html");
}
export const workerUrl = (): string => policy.createScriptURL("/sw.js");
export const pdfWorkerUrl = (file: string): string => policy.createScriptURL(file);
