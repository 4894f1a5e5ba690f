// Every scenario in one process with one server and one browser: node e2e/all.mjs [name ...]
import { after, before, describe } from "node:test";
import { Stage } from "./lib/stage.mjs";

const parts = {
  mail: () => import("./scenarios/mail.mjs"),
  compose: () => import("./scenarios/compose.mjs"),
  people: () => import("./scenarios/people.mjs"),
  phone: () => import("./scenarios/phone.mjs"),
  security: () => import("./security/corpus.mjs"),
  jam: () => import("./scenarios/jam.mjs"),
  setup: () => import("./scenarios/setup.mjs"),
};

/** Only when named: engines need more than Chromium, axe takes two minutes or more. */
const named = {
  axe: () => import("./scenarios/axe.mjs"),
  engines: () => import("./scenarios/engines.mjs"),
};
const wanted = process.argv.slice(2).filter((word) => !word.startsWith("-"));
const unknown = wanted.filter((name) => !parts[name] && !named[name]);
if (unknown.length) {
  console.error(
    `There is no ${unknown.join(", ")}; there are ${[...Object.keys(parts), ...Object.keys(named)].join(", ")}.`,
  );
  process.exit(64);
}

const stage = new Stage();
const loaded = [];
for (const name of wanted.length ? wanted : Object.keys(parts))
  loaded.push([name, (await (parts[name] ?? named[name])()).default]);
describe("webmail", () => {
  before(() => stage.open());
  after(() => stage.close());
  for (const [name, register] of loaded) describe(name, () => register(stage));
});
