// The security corpus: bodies, headers and enclosures that attacked webmails before, or could. Each case becomes a whole
// message, some in several encodings, that travels through the SMTP port like any other.
import { files } from "./files.mjs";
import { foreign } from "./foreign.mjs";
import { script } from "./script.mjs";
import { style } from "./style.mjs";
import { words } from "./words.mjs";

/** What runs if anything runs: it changes the top window's name and title, the storage, and asks the canary. */
export const SENTINEL =
  "top.name='xss';top.document.title='xss';localStorage.xss=1;(new Image).src='http://c.example/ran'";

/** Elements with this class are counted outside the frame: there must be none. */
const MARK = "<i class=zz data-zz=1></i>";

export function corpus() {
  const make = [script, foreign, style, words, files];
  const cases = make.flatMap((part) => part({ js: SENTINEL, to: (name) => `http://c.example/${name}` }));
  // The same attack, hidden in another way of writing it down; one of each family.
  for (const [how, charset] of SPELLINGS) {
    cases.push({
      row: 13,
      name: `body in ${how}`,
      html: `<p>x</p><script>${SENTINEL}</script><img src="http://c.example/spelling" onerror="${SENTINEL}">`,
      spelling: how,
      charset,
    });
  }
  return cases.map((c, i) => ({ ...c, id: i + 1, subject: `corpus ${i + 1}`, message: message({ ...c, id: i + 1 }) }));
}

const SPELLINGS = [
  ["base64", "utf-8"],
  ["quoted-printable", "utf-8"],
  ["8bit", "utf-8"],
  ["UTF-7", "utf-7"],
  ["UTF-16LE", "utf-16le"],
  ["UTF-16 with mark", "utf-16"],
  ["UTF-32", "utf-32"],
  ["ISO-2022-JP escapes", "iso-2022-jp"],
  ["x-user-defined", "x-user-defined"],
  ["unknown character set", "x-none"],
  ["overlong UTF-8", "utf-8"],
  ["HZ", "hz-gb-2312"],
  ["uuencode", "utf-8"],
  ["base64 with rubbish", "utf-8"],
  ["quoted-printable of everything", "utf-8"],
  ["two transfer encodings", "utf-8"],
];

const line = (octets) => Buffer.from(octets).toString("base64").replace(/.{76}/g, "$&\r\n");
const word = (text) =>
  /^[\x20-\x7e]*$/.test(text) && text.length < 900
    ? text
    : text
        .match(/.{1,12}/gsu)
        .map((piece) => `=?utf-8?B?${Buffer.from(piece).toString("base64")}?=`)
        .join("\r\n ");
const mailbox = (value) =>
  value.raw !== undefined
    ? value.raw
    : `${/^[\x20-\x7e]*$/.test(value.name) ? `"${value.name.replace(/["\\]/g, "\\$&")}"` : word(value.name)} <${value.address}>`;

function message(c) {
  const fields = {
    From: { name: `Row ${c.row}`, address: "corpus@attacker.example" },
    To: { name: "Reader", address: "user001@example.com" },
    Subject: `corpus ${c.id}`,
    Date: "Wed, 25 Nov 2026 08:00:00 +0000",
    "Message-ID": `<corpus-${c.id}@attacker.example>`,
    ...c.fields,
  };
  const head = Object.entries(fields)
    .map(([name, value]) => `${name}: ${typeof value === "string" ? word(value) : mailbox(value)}\r\n`)
    .join("");
  return Buffer.concat([Buffer.from(`${head}X-Corpus: ${c.id}\r\nMIME-Version: 1.0\r\n`), body(c)]);
}

function body(c) {
  let content =
    c.html === undefined
      ? text("plain", c.plain)
      : spelled(c.spelling, c.charset ?? "utf-8", `<div>${MARK}${c.html}</div>${MARK}`);
  if (c.related)
    content = multipart("related", `r${c.id}`, [
      content,
      ...c.related.map((part) => file({ disposition: "inline", ...part })),
    ]);
  if (c.alternative)
    content = multipart("alternative", `a${c.id}`, [
      content,
      part(c.alternative.type, "base64", line(c.alternative.body)),
    ]);
  if (c.files) content = multipart("mixed", `m${c.id}`, [content, ...c.files.map(file)]);
  return content;
}

const part = (type, encoding, octets) =>
  Buffer.concat([
    Buffer.from(`${type ? `Content-Type: ${type}\r\n` : ""}Content-Transfer-Encoding: ${encoding}\r\n\r\n`),
    Buffer.from(octets),
  ]);
const text = (subtype, content) => part(`text/${subtype}; charset=utf-8`, "base64", line(content));

function multipart(subtype, boundary, parts) {
  const pieces = [Buffer.from(`Content-Type: multipart/${subtype}; boundary="=_${boundary}"\r\n`)];
  for (const piece of parts) pieces.push(Buffer.from(`\r\n--=_${boundary}\r\n`), piece);
  pieces.push(Buffer.from(`\r\n--=_${boundary}--\r\n`));
  return Buffer.concat(pieces);
}

function file({ type, name, body, id, location, disposition = "attachment", encoding = "base64" }) {
  const plain = /^[\x20-\x7e]*$/.test(name);
  const parameter =
    name === ""
      ? ""
      : plain
        ? `;\r\n filename="${name.replace(/["\\]/g, "\\$&")}"`
        : `;\r\n filename*=utf-8''${[...Buffer.from(name)].map((b) => `%${b.toString(16).padStart(2, "0")}`).join("")}`;
  const head = `${type ? `Content-Type: ${type}\r\n` : ""}Content-Disposition: ${disposition}${parameter}\r\n${id ? `Content-ID: <${id}>\r\n` : ""}${location ? `Content-Location: ${location}\r\n` : ""}Content-Transfer-Encoding: ${encoding}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), encoding === "base64" ? Buffer.from(line(body)) : Buffer.from(body)]);
}

function spelled(how, charset, html) {
  const type = `text/html; charset=${charset}`;
  const quoted = (octets, all) =>
    [...Buffer.from(octets)]
      .map((b) =>
        all || b > 126 || b === 61 || b < 32
          ? `=${b.toString(16).toUpperCase().padStart(2, "0")}`
          : String.fromCharCode(b),
      )
      .join("")
      .replace(/(?:=..|.){1,24}/g, "$&=\r\n");
  const wide = Buffer.from(html, "utf16le");
  switch (how) {
    case "quoted-printable":
      return part(type, how, quoted(html, false));
    case "quoted-printable of everything":
      return part(type, "quoted-printable", quoted(html, true));
    case "8bit":
      return part(type, "8bit", html.replace(/>/g, ">\r\n"));
    case "UTF-7":
      return part(
        type,
        "base64",
        line(
          html.replace(/[<>"]/g, (c) => `+${Buffer.from(c, "utf16le").swap16().toString("base64").replace(/=/g, "")}-`),
        ),
      );
    case "UTF-16LE":
      return part(type, "base64", line(wide));
    case "UTF-16 with mark":
      return part(type, "base64", line(Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(wide).swap16()])));
    case "UTF-32":
      return part(
        type,
        "base64",
        line(
          Buffer.concat(
            [...html].map((c) => {
              const b = Buffer.alloc(4);
              b.writeUInt32BE(c.codePointAt(0));
              return b;
            }),
          ),
        ),
      );
    case "ISO-2022-JP escapes":
      return part(type, "base64", line(`\x1b$B!!\x1b(B<p title="\x1b$B">\x1b(B">${html}`));
    case "overlong UTF-8":
      return part(
        type,
        "base64",
        line(Buffer.from([...Buffer.from(html)].flatMap((b) => (b === 60 ? [0xc0, 0xbc] : [b])))),
      );
    case "HZ":
      return part(type, "base64", line(`~{<:Ky~}${html}~{`));
    case "uuencode":
      return part(type, "x-uuencode", `begin 644 x\r\n${Buffer.from(html).toString("base64")}\r\nend\r\n`);
    case "base64 with rubbish":
      return part(type, "base64", line(html).replace(/(.)\r\n/g, "$1!*\r\n \t"));
    case "two transfer encodings":
      return part(type, "base64\r\nContent-Transfer-Encoding: 8bit", line(html));
    default:
      return part(type, "base64", line(html));
  }
}
