// The size gate: what a first load fetches must stay small (gzip 9, KiB). Fails with a table when a limit is passed.
import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const html = readFileSync("dist/index.html", "utf8");
const size = (file) => gzipSync(readFileSync(`dist/${file}`), { level: 9 }).length / 1024;
const assets = readdirSync("dist/assets");
const named = (pattern) => assets.filter((name) => pattern.test(name)).map((name) => `assets/${name}`);
const linked = (pattern) => [...html.matchAll(pattern)].map((match) => match[1]);
const largest = (files) => Math.max(0, ...files.map(size));
const total = (files) => files.reduce((sum, file) => sum + size(file), 0);

const rows = [
  ["first load, script", total(linked(/(?:src|modulepreload"[^>]*href)="\/(assets\/[^"]+\.js)"/g)), 90, 70],
  ["first load, styles", total(linked(/href="\/(assets\/[^"]+\.css)"/g)), 14, 14],
  ["icon sprite", largest(named(/^sprite-.*\.svg$/)), 6, 6],
  ["largest locale (mail)", largest(named(/^messages-[a-z]+-mail-.*\.js$/)), 10, 10],
  ["composer chunk", total(named(/^(compose|editor|squire).*\.js$/)), 45, 45],
];
let failed = false;
for (const [name, actual, limit, target] of rows) {
  const state = actual > limit ? "TOO LARGE" : actual > target ? "above target" : "ok";
  failed ||= actual > limit;
  console.log(`${name.padEnd(24)} ${actual.toFixed(1).padStart(7)} KiB gz   limit ${limit}   ${state}`);
}
process.exit(failed ? 1 : 0);
