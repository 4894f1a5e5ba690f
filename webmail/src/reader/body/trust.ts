// The one policy of ours for Trusted Types. Text becomes HTML only here, and only for a parser whose document is inert:
// it has no window, runs nothing and fetches nothing. What leaves it goes through DOMPurify as nodes, never as text.
interface Policy {
  createHTML(text: string): string;
  createScriptURL(text: string): string;
}
interface TrustedTypes {
  createPolicy(name: string, rules: Policy): Policy;
}
const rules: Policy = {
  createHTML: (text) => text,
  createScriptURL: (url) => {
    if (url !== "/sw.js") throw new TypeError("Only the service worker is loaded by address.");
    return url;
  },
};
const factory = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes;
const policy = factory ? factory.createPolicy("tamanoir", rules) : rules;

/** Parses a mail's HTML into an inert document. */
export function parseInert(html: string): Document {
  return new DOMParser().parseFromString(policy.createHTML(html), "text/html");
}
export const workerUrl = (): string => policy.createScriptURL("/sw.js");
