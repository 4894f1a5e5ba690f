// Sends mail the way strangers do: over the SMTP port, one connection for many messages.
import net from "node:net";
import tls from "node:tls";

export class Smtp {
  #socket;
  #buffer = "";
  #waiting = null;

  static async connect(port, host = "127.0.0.1") {
    const smtp = new Smtp();
    smtp.#take(net.connect({ port, host, noDelay: true }));
    await smtp.#reply();
    await smtp.say("EHLO sender.example.net");
    return smtp;
  }

  /** Submission: TLS, then a name and a password. */
  static async signIn(port, user, password) {
    const smtp = await Smtp.connect(port);
    await smtp.say("STARTTLS");
    smtp.#socket.removeAllListeners("data");
    const secure = tls.connect({ socket: smtp.#socket, rejectUnauthorized: false });
    await new Promise((resolve, reject) => secure.once("secureConnect", resolve).once("error", reject));
    smtp.#take(secure);
    await smtp.say("EHLO sender.example.net");
    await smtp.say(`AUTH PLAIN ${Buffer.from(`\0${user}\0${password}`).toString("base64")}`);
    return smtp;
  }

  #take(socket) {
    this.#socket = socket;
    socket.on("data", (octets) => {
      this.#buffer += octets.toString("latin1");
      this.#wake();
    });
    socket.on("error", (error) => this.#waiting?.reject(error));
  }

  #wake() {
    const end = /^\d{3} .*\r\n/m.exec(this.#buffer);
    if (!end || !this.#waiting) return;
    const reply = this.#buffer.slice(0, end.index + end[0].length),
      waiting = this.#waiting;
    this.#buffer = this.#buffer.slice(reply.length);
    this.#waiting = null;
    waiting.resolve(reply);
  }

  #reply() {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#wake();
    });
  }

  async say(line, expected = /^[23]/) {
    this.#socket.write(`${line}\r\n`);
    const reply = await this.#reply();
    if (!expected.test(reply)) throw new Error(`${line}: ${reply}`);
    return reply;
  }

  async send(from, to, message) {
    await this.say(`MAIL FROM:<${from}>`);
    await this.say(`RCPT TO:<${to}>`);
    await this.say("DATA");
    const octets = Buffer.isBuffer(message) ? message.toString("latin1") : Buffer.from(message).toString("latin1");
    this.#socket.write(Buffer.from(`${octets.replace(/\r?\n/g, "\r\n").replace(/^\./gm, "..")}\r\n.\r\n`, "latin1"));
    const reply = await this.#reply();
    if (!reply.startsWith("250")) throw new Error(`refused after DATA: ${reply}`);
    return reply;
  }

  async quit() {
    await this.say("QUIT");
    this.#socket.end();
  }
}
