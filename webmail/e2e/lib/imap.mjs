// Another program of the same person: reads and changes the mailbox by IMAP while the browser looks at it.
import net from "node:net";

export class Imap {
  #socket;
  #buffer = "";
  #waiting = null;
  #next = 1;

  static async open(port, user, password, mailbox = "INBOX") {
    const imap = new Imap();
    imap.#socket = net.connect({ port, host: "127.0.0.1", noDelay: true });
    imap.#socket.on("data", (octets) => {
      imap.#buffer += octets.toString("utf8");
      imap.#wake();
    });
    imap.#socket.on("error", (error) => imap.#waiting?.reject(error));
    await imap.#until(/^\* OK .*\r\n/m);
    await imap.say(`LOGIN "${user}" "${password}"`);
    if (mailbox) await imap.say(`SELECT "${mailbox}"`);
    return imap;
  }

  #wake() {
    const end = this.#waiting?.pattern.exec(this.#buffer);
    if (!end) return;
    const text = this.#buffer.slice(0, end.index + end[0].length),
      waiting = this.#waiting;
    this.#buffer = this.#buffer.slice(text.length);
    this.#waiting = null;
    waiting.resolve(text);
  }

  #until(pattern) {
    return new Promise((resolve, reject) => {
      this.#waiting = { pattern, resolve, reject };
      this.#wake();
    });
  }

  /** Everything up to the tagged answer; throws when that is not OK. */
  async say(command) {
    const tag = `t${this.#next++}`;
    this.#socket.write(`${tag} ${command}\r\n`);
    const text = await this.#until(new RegExp(`^${tag} .*\\r\\n`, "m"));
    if (!new RegExp(`^${tag} OK`, "m").test(text)) throw new Error(`${command}: ${text}`);
    return text;
  }

  /** The UIDs of a search. */
  async search(criteria) {
    return (
      (await this.say(`UID SEARCH ${criteria}`))
        .match(/^\* SEARCH ?(.*)\r$/m)?.[1]
        .split(" ")
        .filter(Boolean) ?? []
    );
  }

  close() {
    this.#socket.destroy();
  }
}
