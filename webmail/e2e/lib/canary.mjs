// Stands for every host of the world: Chromium is told to look all names up here. Whoever connects is counted, whatever
// protocol it speaks; who speaks HTTP gets a small answer.
import net from "node:net";

export class Canary {
  connections = 0;
  requests = [];
  #server;

  static async open() {
    const canary = new Canary();
    canary.#server = net.createServer((socket) => {
      canary.connections++;
      socket.on("error", () => {});
      socket.once("data", (octets) => {
        const text = octets.toString("latin1");
        // A handshake names the host in clear (RFC 6066 §3).
        const name = octets[0] === 0x16 ? `TLS ${/[a-z0-9.-]+\.[a-z]{3,}/i.exec(text)?.[0]}` : text.split("\r\n")[0];
        canary.requests.push(name.slice(0, 200));
        // A proxy's CONNECT is told no: who asked is counted, and does not ask for ever.
        const answer = canary.requests.at(-1).startsWith("CONNECT") ? "HTTP/1.1 403 Forbidden" : "HTTP/1.1 200 OK";
        socket.end(
          `${answer}\r\nContent-Type: text/html\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok`,
        );
      });
    });
    await new Promise((resolve) => canary.#server.listen(0, "127.0.0.1", resolve));
    return canary;
  }

  /** What was asked for on behalf of letters: their hosts all end in .example. */
  get asked() {
    return this.requests.filter((request) => /\.example\b/.test(request) || request.startsWith("GET /"));
  }

  get port() {
    return this.#server.address().port;
  }

  close() {
    this.#server.close();
  }
}
