// Where the person is, and what was found so far.
import { signal } from "@preact/signals";
import { t } from "../src/i18n";
import { ask, type State, Trouble } from "./api";

export type Step = "check" | "names" | "account" | "dns";
export const STEPS: Step[] = ["check", "names", "account", "dns"];
export type Place = Step | "loading" | "entry" | "over" | "done";

export const place = signal<Place>("loading");
export const state = signal<State>({
  domain: "",
  host: "",
  named: false,
  address: "",
  name: "",
  imaps: 0,
  submissions: 0,
});
/** The name of the main.cf that was there before; empty when there was none. */
export const backup = signal("");
/** Why the person does not get in, in the words of the server. */
export const refusal = signal("");

/** How far one may go: each step needs what the one before made. */
export function isReachable(step: Step): boolean {
  const { named, address } = state.value;
  return step === "check" || step === "names" || (step === "account" && named) || (step === "dns" && address !== "");
}

export async function begin(): Promise<void> {
  try {
    state.value = await ask<State>("GET", "state");
    refusal.value = "";
    const { named, address } = state.value;
    place.value = address ? "dns" : named ? "account" : "check";
  } catch (error) {
    leave(error);
    if (place.value === "loading") {
      place.value = "entry";
      refusal.value = words(error);
    }
  }
}

/** Goes to the right page when a question was answered by "not you" or "over"; true then. */
export function leave(error: unknown): boolean {
  const status = error instanceof Trouble ? error.status : -1;
  if (status === 404) place.value = "over";
  else if (status === 401 || status === 429) {
    place.value = "entry";
    refusal.value = sessionStorage.getItem("setup-token") ? words(error) : "";
  } else return false;
  return true;
}

/** An error in words for the person. */
export function words(error: unknown): string {
  if (!(error instanceof Trouble)) return String((error as Error)?.message ?? error);
  return error.status === 0 ? t("setup.offline") : error.message || t("setup.failed", { status: error.status });
}
