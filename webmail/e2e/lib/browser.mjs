// Debian's Chromium, headless, with nobody to talk to but the server under test: every other name leads to the canary, and
// the browser's own net log says in the end which names it looked up.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { chromium } from "playwright-core";
import { Canary } from "./canary.mjs";

export const CHROMIUM =
  process.env.CHROMIUM ??
  ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((file) => fs.existsSync(file));

export const DESKTOP = { viewport: { width: 1440, height: 900 } };
export const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };

export class Browser {
  #chromium;
  #netLog;

  static async open() {
    if (!CHROMIUM)
      throw new Error("Chromium is not there. Debian: apt-get install chromium; or name it with CHROMIUM=...");
    const browser = new Browser();
    browser.canary = await Canary.open();
    browser.#netLog = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "tamanoir-net-")), "log.json");
    browser.#chromium = await chromium.launch({
      executablePath: CHROMIUM,
      args: [
        `--host-resolver-rules=MAP * 127.0.0.1:${browser.canary.port}, EXCLUDE localhost, EXCLUDE 127.0.0.1`,
        `--log-net-log=${browser.#netLog}`,
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-features=Translate,OptimizationHints,MediaRouter,AutofillServerCommunication",
      ],
    });
    return browser;
  }

  /** A person with an empty browser. */
  context(options = DESKTOP) {
    return this.#chromium.newContext({
      locale: "en-GB",
      timezoneId: "Europe/Paris",
      ignoreHTTPSErrors: true,
      ...options,
    });
  }

  /** Closes it and answers which names it asked for. */
  async close() {
    await this.#chromium.close();
    this.canary.close();
    const names = new Set();
    const log = fs.readFileSync(this.#netLog, "utf8");
    for (const [, host] of log.matchAll(/"host":"(?:https?:\/\/)?([^"/:]+)(?::\d+)?"/g)) names.add(host);
    fs.rmSync(path.dirname(this.#netLog), { recursive: true });
    // Chromium's own errands go to its maker; what letters name ends in .example.
    return [...names].filter((name) => !/^(localhost|127\.0\.0\.1|.*\.(google|googleapis|gvt1)\.com)$/.test(name));
  }
}

/** What happens to one page that should not: collected from the moment of its making. */
export class Watch {
  requests = [];
  blocked = [];
  dialogs = [];
  windows = [];
  loads = 0;
  errors = [];

  constructor(page, origin) {
    page.on("request", (request) => {
      const url = request.url();
      if (!/^(blob|data|about):/.test(url)) this.requests.push(url.startsWith(origin) ? url.slice(origin.length) : url);
    });
    // What a policy stopped has not left; it is counted apart.
    page.on("requestfailed", (request) => {
      if (/csp|BLOCKED_BY/i.test(request.failure()?.errorText ?? "")) this.blocked.push(request.url());
    });
    page.on("dialog", (dialog) => {
      this.dialogs.push(dialog.message());
      dialog.dismiss();
    });
    page.on("popup", (popup) => this.windows.push(popup.url()));
    page.on("load", () => this.loads++);
    page.on("pageerror", (error) => this.errors.push(String(error.stack ?? error)));
  }
}
