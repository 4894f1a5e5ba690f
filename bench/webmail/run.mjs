// Stands a server with a made-up mailbox up and measures its webmail; a peer named by PEER_URL is measured in turns.
import { spawnSync } from "node:child_process";
import path from "node:path";
import { House } from "../../webmail/e2e/lib/house.mjs";

const [messages, ...options] = process.argv.slice(2);
const house = await House.filled(Number(messages));
let broken = 0;
const measure = (driver, url) => {
  console.log(`\n${driver} at ${url}, ${messages} messages`);
  const script = path.join(import.meta.dirname, "measure.mjs");
  broken += spawnSync("node", [script, driver, url, ...options], { stdio: "inherit" }).status ? 1 : 0;
};
try {
  if (process.env.PEER_URL) measure(process.env.PEER_DRIVER ?? "roundcube", process.env.PEER_URL);
  measure("tamanoir", `${house.url}/`);
} finally {
  await house.close();
}
process.exitCode = broken ? 1 : 0;
