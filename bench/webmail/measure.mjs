// Measures a webmail in a real browser, from the person's action to the painted content: milliseconds, requests, octets,
// memory, and script by kind. A driver says how each step is done in one webmail (drivers/*.mjs).
//
//   node measure.mjs DRIVER URL [--user A --password P --runs 3 --opens 20 --think 600 --slow --cpu 4 --warm --to ADDRESS --json FILE]
//
// --slow puts a line of 40 ms round trip and 10 Mbit/s between browser and server; --cpu 4 makes the processor four times
// slower, like a phone's. --warm makes one run first that does not count. Every run has a browser profile of its own.
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { createRequire } from "node:module";

const require = createRequire(path.resolve(import.meta.dirname, "../../webmail/package.json"));
const { chromium } = require("playwright-core");

const [driverName, url, ...rest] = process.argv.slice(2);
const option = (name, otherwise) => {
  const at = rest.indexOf(`--${name}`);
  return at < 0 ? otherwise : rest[at + 1]?.startsWith("--") || rest[at + 1] === undefined ? true : rest[at + 1];
};
if (!driverName || !url) {
  console.error("measure.mjs DRIVER URL [options]");
  process.exit(64);
}
const driver = (await import(`./drivers/${driverName}.mjs`)).default;
const runs = Number(option("runs", 3));
const opens = Number(option("opens", 20));
const think = Number(option("think", 600));
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const tenth = (x) => Math.round(x * 10) / 10;

/** Counts what goes over the network, from the browser's own events. */
class Traffic {
  #open = new Set();
  #last = 0;
  #requests = new Map();

  constructor(session) {
    const ended = (e) => {
      this.#open.delete(e.requestId);
      this.#last = performance.now();
    };
    session.on("Network.requestWillBeSent", ({ requestId, request, type }) => {
      if (!request.url.startsWith("http")) return;
      this.#requests.set(requestId, { url: request.url, type });
      // A stream of events never ends, and a socket is no request that anything waits for.
      if (type !== "EventSource" && type !== "WebSocket") this.#open.add(requestId);
    });
    session.on("Network.responseReceived", ({ requestId, response, type }) => {
      const request = this.#requests.get(requestId);
      if (!request) return;
      request.type = type;
      request.kept ||= response.fromDiskCache || response.fromServiceWorker;
      if (/event-stream/.test(response.mimeType)) ended({ requestId });
    });
    session.on("Network.requestServedFromCache", ({ requestId }) => {
      const request = this.#requests.get(requestId);
      if (request) request.kept = true;
    });
    session.on("Network.loadingFinished", (e) => {
      const request = this.#requests.get(e.requestId);
      if (request) request.octets = e.encodedDataLength;
      ended(e);
    });
    session.on("Network.loadingFailed", ended);
  }

  reset() {
    this.#requests.clear();
    this.#open.clear();
    this.#last = performance.now();
  }

  async quiet() {
    for (const end = performance.now() + 20_000; performance.now() < end; await pause(20)) {
      if (this.#open.size === 0 && performance.now() - this.#last > 300) return;
    }
  }

  sum() {
    const sent = [...this.#requests.values()].filter((request) => !request.kept);
    const octets = (of) => of.reduce((sum, request) => sum + (request.octets ?? 0), 0);
    return {
      requests: sent.length,
      kB: tenth(octets(sent) / 1000),
      scriptKB: tenth(octets(sent.filter((request) => request.type === "Script")) / 1000),
    };
  }
}

/** A slow line: every octet waits for its turn and then half a round trip; a new connection waits one round trip first. */
async function slowLine({ hostname, port }, roundTrip = 40, kbit = 10_000) {
  const turns = [0, 0];
  const carry = (from, to, direction, opened) => {
    from.setNoDelay(true);
    from.on("error", () => to.destroy());
    from.on("end", () => setTimeout(() => to.end(), roundTrip / 2 + Math.max(0, turns[direction] - performance.now())));
    from.on("data", (octets) => {
      turns[direction] = Math.max(turns[direction], opened, performance.now()) + (octets.length * 8) / kbit;
      setTimeout(() => to.write(octets), turns[direction] - performance.now() + roundTrip / 2);
    });
  };
  const server = net.createServer({ allowHalfOpen: true }, (near) => {
    const far = net.connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    carry(near, far, 0, performance.now() + roundTrip);
    carry(far, near, 1, 0);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { rule: `MAP ${hostname}:${port} 127.0.0.1:${server.address().port}`, close: () => server.close() };
}

const measured = new Map();
const broken = [];

async function step(ctx, name, work) {
  await ctx.traffic.quiet();
  await pause(think);
  ctx.traffic.reset();
  let begun = performance.now();
  ctx.start = () => {
    begun = performance.now();
  };
  let more = {};
  try {
    more = (await work()) ?? {};
    await ctx.page.evaluate(() => new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(r))));
  } catch (error) {
    broken.push(`${name}: ${String(error.message).split("\n")[0]}`);
    return;
  }
  const ms = performance.now() - begun;
  await ctx.traffic.quiet();
  if (ctx.counts) measured.set(name, [...(measured.get(name) ?? []), { ms: tenth(ms), ...ctx.traffic.sum(), ...more }]);
}

async function memory(ctx, name) {
  await ctx.session.send("HeapProfiler.collectGarbage");
  const { metrics } = await ctx.session.send("Performance.getMetrics");
  const value = (metric) => metrics.find((m) => m.name === metric)?.value;
  if (!ctx.counts) return;
  const row = { heapMB: tenth(value("JSHeapUsedSize") / 1e6), nodes: value("Nodes") };
  measured.set(name, [...(measured.get(name) ?? []), row]);
}

const line = option("slow") ? await slowLine(new URL(url)) : undefined;
for (let run = option("warm") ? -1 : 0; run < runs; run++) {
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), "webmail-bench-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", ...(line ? [`--host-resolver-rules=${line.rule}`] : [])],
    viewport: { width: 1440, height: 900 },
    locale: "en-US",
    ignoreHTTPSErrors: true,
  });
  try {
    const page = context.pages()[0];
    page.setDefaultTimeout(30_000);
    const session = await context.newCDPSession(page);
    await session.send("Network.enable");
    await session.send("Performance.enable");
    if (option("cpu")) await session.send("Emulation.setCPUThrottlingRate", { rate: Number(option("cpu")) });
    const ctx = { page, context, session, url, traffic: new Traffic(session), counts: run >= 0 };
    Object.assign(ctx, { user: option("user", "user001@example.com"), password: option("password", "secret") });
    ctx.to = option("to", "bob@example.com");
    await step(ctx, "sign-in page, cold", () => driver.loginPage(ctx));
    await step(ctx, "sign in to list", () => driver.login(ctx));
    await memory(ctx, "memory at the list");
    await step(ctx, "list, warm reload", () => driver.reload(ctx));
    for (let i = 0; i < (run < 0 ? 3 : opens); i++) {
      await step(ctx, i === 0 ? "open a message, first" : "open a message", () => driver.open(ctx, i));
    }
    await memory(ctx, `memory after ${opens} messages`);
    await step(ctx, "jump to the middle", () => driver.jump(ctx));
    await driver.reload(ctx);
    for (const [name, word, scope] of [
      ["search, subject", "budget", "subject"],
      ["search, text, rare", "xylophonique", "text"],
      ["search, text, common", "pipeline", "text"],
    ]) {
      await step(ctx, name, () => driver.search(ctx, word, scope));
      await driver.clearSearch(ctx).catch((error) => broken.push(`clear search: ${error.message.split("\n")[0]}`));
    }
    if (driver.archive) await step(ctx, "archive key to row gone", () => driver.archive(ctx));
    await step(ctx, "composer opens", () => driver.compose(ctx));
    await step(ctx, "send", () => driver.send(ctx));
    await step(ctx, "contacts", () => driver.contacts(ctx));
    await step(ctx, "settings", () => driver.settings(ctx));
  } finally {
    await context.close();
    fs.rmSync(profile, { recursive: true, force: true });
  }
}
line?.close();

const middle = (values, share = 0.5) => {
  const sorted = values.filter((v) => v !== undefined).sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
};
const rows = [...measured].map(([name, all]) => ({
  step: name,
  n: all.length,
  p50: middle(all.map((row) => row.ms)),
  p95: middle(all.map((row) => row.ms), 0.95),
  ...Object.fromEntries(["requests", "kB", "scriptKB", "heapMB", "nodes", "rows"].map((k) => [k, middle(all.map((row) => row[k]))])),
}));
console.table(rows);
for (const what of new Set(broken)) console.log(`BROKEN ${what}`);
if (option("json")) fs.writeFileSync(option("json"), JSON.stringify({ driver: driverName, runs, opens, think, slow: Boolean(line), rows, broken }, null, 1));
process.exitCode = broken.length ? 1 : 0;
