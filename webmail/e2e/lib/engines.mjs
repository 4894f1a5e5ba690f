// Two more engines, driven by what Debian brings: Firefox ESR over WebDriver BiDi, WebKit over its WebDriver. Both talk to
// the world through the canary as a proxy, so whatever leaves is counted. An engine here can do three things: go
// somewhere, evaluate, close.
import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { WebSocketClient } from "./websocket.mjs";

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** What is not there and how to get it; empty when everything is. */
export function missing(engine) {
  const needed = {
    firefox: [["/usr/bin/firefox-esr", "firefox-esr"]],
    webkit: [
      ["/usr/bin/WebKitWebDriver", "webkit2gtk-driver"],
      ["/usr/bin/Xvfb", "xvfb"],
    ],
  }[engine];
  const absent = needed.filter(([file]) => !fs.existsSync(file)).map(([, name]) => name);
  return absent.length ? `apt-get install ${absent.join(" ")}` : "";
}

/** A process with its children in a group of their own, which ends with us whatever happens. */
function started(command, args, pattern, options = {}) {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], detached: true, ...options });
  const end = () => {
    try {
      process.kill(-child.pid);
    } catch {
      // It has gone already.
    }
  };
  process.once("exit", end);
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));
  let output = "";
  const ready = new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (text) => {
        output += text;
        const found = pattern?.exec(output);
        if (found) resolve(found);
      });
    }
    child.once("error", reject);
    child.once("exit", () => reject(new Error(`${command} ended:\n${output}`)));
    if (!pattern) resolve();
  });
  return { end, ready };
}

function freePort() {
  return import("node:net").then(
    ({ default: net }) =>
      new Promise((resolve) => {
        const server = net.createServer().listen(0, "127.0.0.1", () => {
          const { port } = server.address();
          server.close(() => resolve(port));
        });
      }),
  );
}

export class Firefox {
  #end;
  #socket;
  #next = 1;
  #waiting = new Map();
  #profile = fs.mkdtempSync(path.join(os.tmpdir(), "tamanoir-firefox-"));
  name = "Firefox ESR";

  static async open(canary) {
    const engine = new Firefox();
    const preferences = {
      "network.proxy.type": 1,
      "network.proxy.http": "127.0.0.1",
      "network.proxy.http_port": canary.port,
      "network.proxy.ssl": "127.0.0.1",
      "network.proxy.ssl_port": canary.port,
      "network.proxy.no_proxies_on": "localhost,127.0.0.1",
      "network.captive-portal-service.enabled": false,
      "network.connectivity-service.enabled": false,
      "app.update.enabled": false,
      "app.normandy.enabled": false,
      "browser.safebrowsing.downloads.enabled": false,
      "browser.safebrowsing.malware.enabled": false,
      "browser.safebrowsing.phishing.enabled": false,
      "browser.shell.checkDefaultBrowser": false,
      "browser.newtabpage.activity-stream.feeds.system.topstories": false,
      "datareporting.policy.dataSubmissionEnabled": false,
      "dom.push.connection.enabled": false,
      "extensions.getAddons.cache.enabled": false,
      "extensions.systemAddon.update.enabled": false,
      "extensions.update.enabled": false,
      "media.gmp-manager.updateEnabled": false,
      "services.settings.server": "data:,",
      "toolkit.telemetry.enabled": false,
      "toolkit.telemetry.unified": false,
    };
    fs.writeFileSync(
      path.join(engine.#profile, "user.js"),
      Object.entries(preferences)
        .map(([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});\n`)
        .join(""),
    );
    const { end, ready } = started(
      "/usr/bin/firefox-esr",
      ["--headless", "--no-remote", "--profile", engine.#profile, `--remote-debugging-port=${await freePort()}`],
      /WebDriver BiDi listening on ws:\/\/127\.0\.0\.1:(\d+)/,
      { env: { ...process.env, HOME: engine.#profile, MOZ_DISABLE_CONTENT_SANDBOX: "1" } },
    );
    engine.#end = end;
    const [, port] = await ready;
    engine.#socket = await WebSocketClient.connect(+port, "/session");
    engine.#socket.onMessage = (text) => {
      const message = JSON.parse(text);
      const waiting = engine.#waiting.get(message.id);
      engine.#waiting.delete(message.id);
      if (message.type === "error") waiting?.reject(new Error(`${message.error}: ${message.message}`));
      else waiting?.resolve(message.result);
    };
    await engine.#call("session.new", { capabilities: { alwaysMatch: { acceptInsecureCerts: true } } });
    engine.context = (await engine.#call("browsingContext.getTree", {})).contexts[0].context;
    await engine.#call("browsingContext.setViewport", {
      context: engine.context,
      viewport: { width: 1440, height: 900 },
    });
    return engine;
  }

  #call(method, params) {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#socket.send(JSON.stringify({ id, method, params }));
    });
  }

  goto(url) {
    return this.#call("browsingContext.navigate", { context: this.context, url, wait: "complete" });
  }

  /** The JSON value of an expression, which may be a promise. */
  async evaluate(expression) {
    const answer = await this.#call("script.evaluate", {
      expression: `(async () => JSON.stringify(await (${expression})))()`,
      target: { context: this.context },
      awaitPromise: true,
    });
    if (answer.type === "exception") throw new Error(answer.exceptionDetails.text);
    return answer.result.value === undefined ? undefined : JSON.parse(answer.result.value);
  }

  async close() {
    await this.#call("browser.close", {}).catch(() => {});
    this.#socket?.close();
    this.#end();
    await pause(300);
    fs.rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

export class WebKit {
  #ends = [];
  #port;
  #session;
  name = "WebKit";

  static async open(canary) {
    const engine = new WebKit();
    // The server picks a free display and writes its number.
    const display = started(
      "/usr/bin/Xvfb",
      ["-displayfd", "1", "-screen", "0", "1440x900x24", "-nolisten", "tcp"],
      /^(\d+)\n/,
    );
    engine.#ends.push(display.end);
    const [, number] = await display.ready;
    engine.#port = await freePort();
    const driver = started("/usr/bin/WebKitWebDriver", [`--port=${engine.#port}`], undefined, {
      env: {
        ...process.env,
        DISPLAY: `:${number}`,
        WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1",
        LIBGL_ALWAYS_SOFTWARE: "1",
      },
    });
    engine.#ends.push(driver.end);
    const folder =
      fs.readdirSync("/usr/lib/x86_64-linux-gnu").find((name) => /^webkit2gtk-4/.test(name)) ?? "webkit2gtk-4.1";
    const address = `127.0.0.1:${canary.port}`;
    for (let attempt = 0; ; attempt++) {
      try {
        const answer = await engine.#call("POST", "/session", {
          capabilities: {
            alwaysMatch: {
              acceptInsecureCerts: true,
              proxy: {
                proxyType: "manual",
                httpProxy: address,
                sslProxy: address,
                noProxy: ["localhost", "127.0.0.1"],
              },
              "webkitgtk:browserOptions": {
                binary: `/usr/lib/x86_64-linux-gnu/${folder}/MiniBrowser`,
                args: ["--automation"],
              },
            },
          },
        });
        engine.#session = `/session/${answer.sessionId}`;
        break;
      } catch (error) {
        if (attempt === 50 || !/ECONNREFUSED|fetch failed/.test(String(error))) throw error;
        await pause(100);
      }
    }
    await engine.#call("POST", `${engine.#session}/timeouts`, { script: 30_000, pageLoad: 60_000 });
    await engine
      .#call("POST", `${engine.#session}/window/rect`, { x: 0, y: 0, width: 1440, height: 900 })
      .catch(() => {});
    return engine;
  }

  async #call(method, where, body) {
    const response = await fetch(`http://127.0.0.1:${this.#port}${where}`, {
      method,
      body: body && JSON.stringify(body),
    });
    const { value } = await response.json();
    if (!response.ok) throw new Error(`${value.error}: ${value.message}`);
    return value;
  }

  goto(url) {
    return this.#call("POST", `${this.#session}/url`, { url });
  }

  async evaluate(expression) {
    const script = `const done = arguments[0]; (async () => JSON.stringify(await (${expression})))().then(v => done({ v }), e => done({ e: String(e) }));`;
    const { v, e } = await this.#call("POST", `${this.#session}/execute/async`, { script, args: [] });
    if (e) throw new Error(e);
    return v === undefined || v === null ? undefined : JSON.parse(v);
  }

  async close() {
    if (this.#session) await this.#call("DELETE", this.#session).catch(() => {});
    for (const end of this.#ends.reverse()) end();
  }
}
