// A real server in a folder of its own, on ports that the system chose, with a mailbox made from a seed.
import { spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { Imap } from "./imap.mjs";
import { Smtp } from "./smtp.mjs";

export const ROOT = path.resolve(import.meta.dirname, "../../..");
export const USER = "user001@example.com",
  OTHER = "bob@example.com",
  PASSWORD = "secret";

/** Java, its options and a class path on which both the server and the generator stand. TAMANOIR_CLASSPATH overrides it. */
let found;
function java() {
  // Looked for once: an edit of the sources while scenarios run does not change the server under them.
  found ??= findJava();
  return found;
}
function findJava() {
  const jdk = spawnSync(path.join(ROOT, "tamanoir"), ["--print-jdk"], { encoding: "utf8" }).stdout.trim();
  const built = path.join(ROOT, "app/target/tamanoir");
  let classPath = process.env.TAMANOIR_CLASSPATH;
  if (!classPath) {
    run(path.join(ROOT, "tamanoir"), ["--build-only"]);
    const bench = path.join(ROOT, "bench/target/classes");
    if (!fs.existsSync(path.join(bench, "tamanoir/bench/sample")))
      run("mvn", ["-q", "-B", "-ntp", "-Dmaven.test.skip=true", "-pl", "bench", "-am", "package"], { JAVA_HOME: jdk });
    classPath = [
      ...fs
        .readdirSync(path.join(built, "lib"))
        .filter((name) => name.endsWith(".jar"))
        .map((name) => path.join(built, "lib", name)),
      bench,
    ].join(":");
  }
  const native = process.env.TAMANOIR_NATIVE ?? path.join(built, "native");
  return {
    bin: path.join(jdk, "bin/java"),
    options: [
      "-Xmx512m",
      "-XX:+UseSerialGC",
      "--enable-native-access=ALL-UNNAMED",
      `-Djava.library.path=${native}`,
      "-cp",
      classPath,
    ],
  };
}

function run(command, args, more = {}) {
  const done = spawnSync(command, args, { cwd: ROOT, encoding: "utf8", env: { ...process.env, ...more } });
  if (done.status !== 0) throw new Error(`${command} ${args[0]} failed:\n${done.stdout}\n${done.stderr}`);
  return done.stdout;
}

export class House {
  #java = java();
  #process = null;
  #output = "";
  ports = {};

  constructor(home) {
    this.home = home;
  }

  /** A server with `messages` letters in INBOX, and an account that has none. */
  static async filled(messages, { overrides = {} } = {}) {
    const house = new House(fs.mkdtempSync(path.join(os.tmpdir(), "tamanoir-e2e-")));
    try {
      const until = new Date(Date.now() - 60_000).toISOString();
      house.#run(
        "tamanoir.bench.sample.SampleMailbox",
        "--home",
        house.home,
        "--messages",
        String(messages),
        "--until",
        until,
      );
      house.command("account", "add", OTHER, "--password", PASSWORD);
      await house.start(overrides);
    } catch (error) {
      await house.close();
      throw error;
    }
    return house;
  }

  #run(main, ...args) {
    return run(this.#java.bin, [...this.#java.options, main, ...args]);
  }

  /** One command of the command line. */
  command(...words) {
    return this.#run("tamanoir.app.Main", ...words, "--home", this.home);
  }

  async start(overrides = {}) {
    const open = [
      "smtpd",
      "submission",
      "submissions",
      "imap",
      "imaps",
      "pop3",
      "pop3s",
      "managesieve",
      "http",
      "https",
    ];
    const settings = {
      ...Object.fromEntries(open.map((name) => [`${name}_port`, "0"])),
      inet_interfaces: "127.0.0.1",
      inet_protocols: "ipv4",
      metrics_port: "off",
      auth_failure_delay: "0s",
      junk_filter: "no", // the tests' mail comes from strangers and is looked for in the inbox
      maillog_file: `${this.home}/log`,
      ...this.settings,
      ...overrides,
    };
    this.settings = settings;
    this.#output = "";
    this.#process = spawn(
      this.#java.bin,
      [
        ...this.#java.options,
        "tamanoir.app.Main",
        "serve",
        "--home",
        this.home,
        ...Object.entries(settings).flatMap(([name, value]) => ["-o", `${name}=${value}`]),
      ],
      { stdio: ["ignore", "pipe", "pipe"] },
    );
    for (const stream of [this.#process.stdout, this.#process.stderr])
      stream.on("data", (text) => {
        this.#output += text;
      });
    const listens = (name, pattern) => {
      const port = pattern.exec(this.#output)?.[1];
      if (port) this.ports[name] = +port;
      return port;
    };
    for (const deadline = Date.now() + 120_000; ; ) {
      if (this.#process.exitCode !== null || Date.now() > deadline)
        throw new Error(`the server did not start:\n${this.#output}`);
      const all = open
        .map((name) => name.replace("smtpd", "smtp"))
        .map((name) => listens(name, new RegExp(`^ *${name} .*?:(\\d+)\\b`, "m")));
      if (all.every(Boolean)) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    // Later starts take the same ports, so that a browser finds its server again.
    for (const name of open) this.settings[`${name}_port`] = String(this.ports[name.replace("smtpd", "smtp")]);
  }

  get url() {
    return `http://localhost:${this.ports.http}`;
  }
  get secureUrl() {
    return `https://localhost:${this.ports.https}`;
  }
  get output() {
    return this.#output;
  }

  smtp() {
    return Smtp.connect(this.ports.smtp);
  }
  imap(mailbox = "INBOX", user = USER) {
    return Imap.open(this.ports.imap, user, PASSWORD, mailbox);
  }

  /** One message from outside. */
  async deliver(message, { from = "someone@elsewhere.example", to = USER } = {}) {
    const smtp = await this.smtp();
    await smtp.send(from, to, message);
    await smtp.quit();
  }

  async stop(signal = "SIGTERM") {
    const server = this.#process;
    if (!server || server.exitCode !== null || server.signalCode) return;
    const ended = new Promise((resolve) => server.once("exit", resolve));
    server.kill(signal);
    await ended;
    this.#process = null;
  }

  async close() {
    await this.stop();
    if (!process.env.KEEP_HOME) fs.rmSync(this.home, { recursive: true, force: true });
    else console.log(`home kept: ${this.home}`);
  }
}

/** A plain letter. */
export function letter({
  from = '"Grace Walker" <grace@elsewhere.example>',
  to = USER,
  subject,
  text = "A short text.",
  id = `<${Math.random().toString(36).slice(2)}@elsewhere.example>`,
  references = "",
  html = "",
  headers = "",
}) {
  const content = html
    ? `Content-Type: multipart/alternative; boundary="=_e2e"\r\n\r\n--=_e2e\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n${text}\r\n--=_e2e\r\nContent-Type: text/html; charset=utf-8\r\n\r\n${html}\r\n--=_e2e--\r\n`
    : `Content-Type: text/plain; charset=utf-8\r\n\r\n${text}\r\n`;
  return `From: ${from}\r\nTo: ${to}\r\nSubject: ${subject}\r\nDate: ${new Date().toUTCString().replace("GMT", "+0000")}\r\nMessage-ID: ${id}\r\n${references ? `In-Reply-To: ${references.split(" ").pop()}\r\nReferences: ${references}\r\n` : ""}${headers}MIME-Version: 1.0\r\n${content}`;
}
