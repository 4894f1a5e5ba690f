// A WebSocket client of text messages, as small as the remote protocol of Firefox needs it (RFC 6455). Node 20 has none.
import { randomBytes } from "node:crypto";
import http from "node:http";

export class WebSocketClient {
  #socket;
  #buffer = Buffer.alloc(0);
  #text = [];
  onMessage = () => {};

  static connect(port, path) {
    return new Promise((resolve, reject) => {
      const request = http.request({
        host: "127.0.0.1",
        port,
        path,
        headers: {
          Connection: "Upgrade",
          Upgrade: "websocket",
          "Sec-WebSocket-Version": "13",
          "Sec-WebSocket-Key": randomBytes(16).toString("base64"),
        },
      });
      request.once("error", reject);
      request.once("response", (answer) => reject(new Error(`no WebSocket: ${answer.statusCode}`)));
      request.once("upgrade", (_, socket, head) => {
        const client = new WebSocketClient();
        client.#socket = socket;
        socket.on("data", (octets) => client.#take(octets));
        socket.on("error", () => {});
        client.#take(head);
        resolve(client);
      });
      request.end();
    });
  }

  /** RFC 6455 §5.2: what a client sends is masked. */
  send(text) {
    const octets = Buffer.from(text);
    const head = octets.length < 126 ? Buffer.alloc(6) : octets.length < 65536 ? Buffer.alloc(8) : Buffer.alloc(14);
    head[0] = 0x81;
    if (octets.length < 126) head[1] = 0x80 | octets.length;
    else if (octets.length < 65536) {
      head[1] = 0x80 | 126;
      head.writeUInt16BE(octets.length, 2);
    } else {
      head[1] = 0x80 | 127;
      head.writeBigUInt64BE(BigInt(octets.length), 2);
    }
    const mask = randomBytes(4);
    mask.copy(head, head.length - 4);
    for (let i = 0; i < octets.length; i++) octets[i] ^= mask[i & 3];
    this.#socket.write(Buffer.concat([head, octets]));
  }

  #take(octets) {
    this.#buffer = Buffer.concat([this.#buffer, octets]);
    for (;;) {
      const b = this.#buffer;
      if (b.length < 2) return;
      const short = b[1] & 0x7f;
      const start = short < 126 ? 2 : short === 126 ? 4 : 10;
      if (b.length < start) return;
      const length = short < 126 ? short : short === 126 ? b.readUInt16BE(2) : Number(b.readBigUInt64BE(2));
      if (b.length < start + length) return;
      const kind = b[0] & 0x0f;
      if (kind <= 1) this.#text.push(b.subarray(start, start + length));
      if (kind <= 1 && b[0] & 0x80) {
        this.onMessage(Buffer.concat(this.#text).toString());
        this.#text = [];
      }
      this.#buffer = b.subarray(start + length);
    }
  }

  close() {
    this.#socket.destroy();
  }
}
