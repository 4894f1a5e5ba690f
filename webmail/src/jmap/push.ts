// Live changes (RFC 8620 §7.3): one EventSource per browser. Tabs elect a leader by a lock; the leader listens and tells
// the others over a channel, so that ten tabs cost the server one connection.
import { online } from "./client";

export type TypeStates = Record<string, string>;
const TYPES =
  "Email,Mailbox,Thread,EmailSubmission,Identity,Settings,ContactCard,AddressBook,SavedSearch,Snooze,Template";

/** Listens until `stop` is called. `changed` gets the new states of the account's types. */
export function listen(url: string, accountId: string, changed: (states: TypeStates) => void): () => void {
  const channel = new BroadcastChannel(`tamanoir-push-${accountId}`);
  const end = new AbortController();
  channel.onmessage = (event: MessageEvent<TypeStates>) => changed(event.data);

  const lead = () =>
    new Promise<void>((released) => {
      let source: EventSource | undefined;
      let wait = 1000;
      let timer: ReturnType<typeof setTimeout> | undefined;
      const open = () => {
        source = new EventSource(url.replace("{types}", TYPES).replace("{closeafter}", "no").replace("{ping}", "60"));
        source.onopen = () => {
          // What happened while nobody listened is asked for.
          if (wait > 1000) tell({ "*": "" });
          wait = 1000;
          online.value = true;
        };
        source.addEventListener("state", (event) => {
          const change = JSON.parse((event as MessageEvent<string>).data) as { changed: Record<string, TypeStates> };
          const states = change.changed[accountId];
          if (states) tell(states);
        });
        source.onerror = () => {
          source?.close();
          if (end.signal.aborted) return;
          timer = setTimeout(open, wait);
          wait = Math.min(wait * 2, 60_000);
        };
      };
      const tell = (states: TypeStates) => {
        channel.postMessage(states);
        changed(states);
      };
      end.signal.addEventListener("abort", () => {
        clearTimeout(timer);
        source?.close();
        released();
      });
      open();
    });

  if (navigator.locks) {
    navigator.locks.request(`tamanoir-push-${accountId}`, { signal: end.signal }, lead).catch(() => {});
  } else void lead();
  return () => {
    end.abort();
    channel.close();
  };
}
