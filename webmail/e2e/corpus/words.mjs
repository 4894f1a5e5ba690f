// Rows 3, 9, 11, 14, 22 and 23: plain text that is made into links, header fields shown as text, names that lie, forms,
// clobbering, and tags that steer the whole page.

const escaped = (text) => text.replace(/&/g, "&amp;").replace(/"/g, "&quot;").replace(/</g, "&lt;");

export function words({ js, to }) {
  const q = escaped(js),
    cases = [];
  const img = `<img src=x onerror="${js.replace(/"/g, "")}">`;
  const plain = (name, text, row = 9) => cases.push({ row, name, plain: text });
  const html = (row, name, text) => cases.push({ row, name, html: text });
  const head = (name, fields, row = 11) => cases.push({ row, name, fields, plain: "The header is what matters." });

  // ---- plain text stays text
  plain("markup in plain text", `<script>${js}</script>\n${img}\n<svg onload=${js}>\n</pre></div></body>${img}`);
  plain("address with quotes", `http://c.example/"onmouseover="${js}"x=" http://c.example/'onmouseover='${js}'`);
  plain(
    "address with angle brackets",
    `http://c.example/<script>${js}</script> <http://c.example/"><img src=x onerror=${js}>>`,
  );
  plain(
    "address with entities",
    `http://c.example/&quot;&gt;&lt;img src=x onerror=${js}&gt; http://c.example/?a=1&lt;script&gt;`,
  );
  plain(
    "addresses that are script",
    `javascript:${js} JAVASCRIPT://c.example/%0a${js} data:text/html,<script>${js}</script> vbscript:x www.javascript:${js}`,
  );
  plain(
    "mail addresses with markup",
    `"${img}"@c.example <"><script>${js}</script>@c.example> a"onfocus="${js}"@c.example mailto:a@b?body=<script>`,
  );
  plain(
    "markers of a link replacer",
    `##str_replacement_0## [[0]] \u0001\u0002 $1 $& \\1 {{0}} %s http://c.example/##str_replacement_0##"onmouseover=${js}//`,
  );
  plain(
    "markers, nested",
    `http://c.example/[http://c.example/"onclick="${js}] [http://a.example [http://b.example](javascript:${js})](http://c.example)`,
  );
  plain(
    "quotes with markup",
    `> <blockquote onclick="${js}">\n>> ${img}\n>>> </blockquote></blockquote></blockquote>${img}\n| <script>${js}</script>`,
  );
  plain("signature with markup", `Text\n\n-- \n${img}\n</div><script>${js}</script>`);
  plain("format=flowed with markup", `<img src=x \nonerror="${js} \n">\n> <scr \n> ipt>${js}</script>`);
  plain("emphasis marks", `*<b onmouseover=${js}>x</b>* _<i>${img}</i>_ /${img}/ ~${img}~ \`${img}\``);
  plain(
    "markdown",
    `![x](javascript:${js})\n[x](javascript:${js})\n![x](${to("markdown")})\n<${to("markdown2")}>\n[a]: javascript:${js}\n[a]`,
  );
  plain("smileys and bars", `:-)${img} ----<script>${js}</script>---- +-+-+${img}`);
  plain(
    "telephone and dates",
    `tel:+1"onclick="${js} +1 (555) <script>${js}</script> 2026-01-01T00:00:00Z"onclick="${js}"`,
  );
  plain(
    "zero octets and controls",
    `<scr\u0000ipt>${js}</scr\u0000ipt>\u0007\u001b[31m\u001b]0;xss\u0007\u009b${img}\u2028<script>${js}</script>`,
  );
  plain("a very long line", `${"<b ".repeat(20000)}${img}`);
  plain("a very long address", `http://c.example/${"a".repeat(60000)}"onclick="${js}`);
  plain("many addresses", Array.from({ length: 3000 }, (_, i) => `http://c.example/${i}?"onclick=${js}`).join(" "));
  plain("nested brackets without end", `${"(".repeat(20000)}http://c.example/${"(".repeat(20000)}`);
  plain(
    "pgp block with markup",
    `-----BEGIN PGP SIGNED MESSAGE-----\nHash: <script>${js}</script>\n\n${img}\n-----BEGIN PGP SIGNATURE-----\n\n${img}\n-----END PGP SIGNATURE-----`,
  );
  plain("uuencoded page", `begin 644 <img src=x onerror=${js}>.html\n#0V%T\n\`\nend\n${img}`);
  plain("only white space", " \t\u00a0\u2003\n\n");
  plain("html without the type", `<!DOCTYPE html><html><body onload="${js}"><h1>x</h1>${img}</body></html>`);

  // ---- header fields are text
  const payloads = {
    tag: img,
    "closing tags": `</title></span></button></td>${img}`,
    entities: escaped(img),
    attribute: `" autofocus onfocus="${js.replace(/"/g, "")}" x="`,
    apostrophe: `' onmouseover='${js}' `,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: that is the point
    template: "{{7*7}}${7*7}<%= 7*7 %>",
    svg: `<svg onload=${js}>`,
  };
  for (const [how, text] of Object.entries(payloads)) {
    head(`subject with ${how}`, { Subject: text });
    head(`sender's name with ${how}`, { From: { name: text, address: "someone@attacker.example" } });
    head(`recipient's name with ${how}`, {
      To: { name: text, address: "user001@example.com" },
      Cc: { name: text, address: "other@example.org" },
      "Reply-To": { name: text, address: "reply@example.org" },
    });
    head(`sender's address with ${how}`, {
      From: { raw: `"x" <"${text.replace(/["\\]/g, "\\$&")}"@attacker.example>` },
    });
    head(`list fields with ${how}`, {
      "List-Id": text,
      "List-Unsubscribe": `<https://c.example/${encodeURI(text)}>, <javascript:${js}>, <${to("unsub")}>`,
      "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
      "List-Post": text,
      Organization: text,
    });
    head(`rest of the header with ${how}`, {
      "Message-ID": `<${text.replace(/\s/g, "")}@attacker.example>`,
      "X-Mailer": text,
      "User-Agent": text,
      "X-Priority": text,
      "Authentication-Results": `mail.example.com; dkim=pass header.d="${text.replace(/"/g, "")}"; spf=pass smtp.mailfrom=${text.replace(/\s/g, "")}`,
      "DKIM-Signature": `v=1; d=${text}`,
      Keywords: text,
      Comments: text,
      "Disposition-Notification-To": text,
    });
    html(
      11,
      `html title and meta with ${how}`,
      `<title>${text}</title><meta name=description content="${escaped(text)}"><p>${escaped(text)}</p><img alt="${escaped(text)}" title="${escaped(text)}"><a title="${escaped(text)}" href="http://c.example/">x</a>`,
    );
  }
  head("date that is markup", { Date: `Tue, 31 Feb 2026 25:61:61 +9999 (${img})` });
  head("no header at all worth the name", { From: { raw: "" }, Subject: "", Date: "" });
  head("subject of controls", { Subject: "a\u0000b\u0007c\u001b[31md\u009b\u2028e\u2029f" });
  head("subject of ten thousand letters", { Subject: "Ä".repeat(10000) });
  head("three hundred recipients with markup", {
    To: {
      raw: Array.from({ length: 300 }, (_, i) => `"${img.replace(/"/g, "'")}${i}" <r${i}@example.org>`).join(",\r\n "),
    },
  });
  head("group of recipients with markup", {
    To: { raw: `"${img.replace(/"/g, "'")}": a@example.org, b@example.org;` },
  });

  // ---- names and links that lie
  const bidi = "\u202e";
  head(
    "name turned round",
    {
      From: { name: `${bidi}moc.knab@eciffo`, address: "someone@attacker.example" },
      Subject: `Invoice ${bidi}fdp.exe`,
    },
    22,
  );
  head("name that is an address", { From: { name: "ceo@example.com", address: "someone@attacker.example" } }, 22);
  head(
    "name of isolates without end",
    {
      From: { name: "\u2066\u2067\u2068x\u202a\u202b\u202d", address: "someone@attacker.example" },
      Subject: "\u2067\u2068never closed",
    },
    22,
  );
  head(
    "look-alike letters",
    { From: { name: "Р\u0430ypal", address: "service@xn--pypal-4ve.example" }, Subject: "\u0430pple" },
    22,
  );
  head(
    "combining marks by the hundred",
    {
      Subject: `Z${"\u0300\u0301\u0489".repeat(300)}algo`,
      From: { name: `A${"\u0336".repeat(500)}`, address: "z@attacker.example" },
    },
    22,
  );
  head(
    "invisible letters",
    {
      Subject: "\u200b\u200c\u200d\u2060\ufeff\u00ad",
      From: { name: "\u200b\u3164\u115f", address: "i@attacker.example" },
    },
    22,
  );
  html(
    22,
    "link text names another place",
    '<a href="http://attacker.example/login">https://www.example.com/login</a> <a href="http://attacker.example/">example.com</a> <a href="http://www.example.com@attacker.example/">x</a>',
  );
  html(
    22,
    "link with look-alike host",
    '<a href="http://ex\u0430mple.com/">example.com</a> <a href="http://xn--exmple-4nf.com/">example.com</a> <a href="http://example.com\u2024attacker.example/">example.com</a>',
  );
  html(
    22,
    "link with odd numbers",
    '<a href="http://0x7f000001/">http://example.com</a> <a href="http://2130706433/">example.com</a> <a href="http:/\\\\attacker.example">example.com</a> <a href="//attacker.example">example.com</a> <a href="\\\\attacker.example\\share">x</a>',
  );
  html(
    22,
    "link text turned round",
    `<a href="http://attacker.example/">${bidi}moc.elpmaxe//:sptth</a> <a href="http://attacker.example/"><bdo dir=rtl>moc.elpmaxe</bdo></a>`,
  );
  html(
    22,
    "link to parts of our page",
    '<a href="#top">x</a> <a href="/settings">y</a> <a href="?x">z</a> <a href="mail/inbox">w</a> <a href="" target=_top>v</a> <a href="javascript:void 0" target=_parent>u</a>',
  );
  html(
    22,
    "link that opens named windows",
    '<a href="http://attacker.example/" target="tamanoir" rel="opener">x</a> <a href="http://attacker.example/" target="_parent">y</a> <a href="http://attacker.example/" target="_top" rel="opener">z</a> <a href="http://attacker.example/" target="\n<">w</a>',
  );
  html(
    22,
    "mailto with everything",
    `<a href="mailto:a@b.example?subject=<script>&body=${encodeURIComponent(img)}&bcc=x@y.example&attach=/etc/passwd&cc=z@y.example">x</a>`,
  );
  html(
    22,
    "download attribute",
    `<a href="/jmap/download/a/b/c" download="x.exe">x</a> <a href="data:text/html,${escaped(img)}" download>y</a>`,
  );

  // ---- forms, and what steers the page
  html(
    23,
    "sign-in form",
    `<form action="${to("form")}" method=post><input name=user autocomplete=username><input name=p type=password autocomplete=current-password><button>Go</button></form>`,
  );
  html(
    23,
    "form to our own doors",
    '<form action="/auth/password" method=post enctype=text/plain><input name=\'{"old":"\' value=\'x","new":"y"}\'></form><form action="/auth/sign-out" method=post><button autofocus>x</button></form>',
  );
  html(
    23,
    "form parts from outside",
    `<form id=f action="${to("form2")}"></form><input form=f name=x><button form=f formaction="${to("form3")}" formtarget=_top>x</button><input type=submit formmethod=dialog form=f><output form=f>y</output>`,
  );
  html(
    23,
    "file chooser and colour",
    "<input type=file webkitdirectory><input type=color><input type=date><select size=9><option>x</select><datalist id=d><option>y</datalist><meter value=1></meter><progress></progress>",
  );
  html(
    23,
    "content that may be edited",
    "<div contenteditable=true spellcheck=true autofocus inputmode=text virtualkeyboardpolicy=manual>x</div><p draggable=true tabindex=1 accesskey=s>y</p>",
  );
  html(
    23,
    "commands",
    "<button command=show-modal commandfor=x>a</button><dialog id=x>b</dialog><button popovertarget=y>c</button><div id=y popover>d</div><input type=checkbox switch><details name=a open>e</details>",
  );
  html(
    14,
    "refresh",
    `<meta http-equiv=refresh content="0;url=${to("refresh")}"><meta http-equiv=refresh content="0;url=javascript:${q}"><META HTTP-EQUIV="&#82;efresh" CONTENT="0; URL=data:text/html,${q}">`,
  );
  html(
    14,
    "cookie, policy and type by meta",
    `<meta http-equiv=Set-Cookie content="x=xss"><meta http-equiv=Content-Security-Policy content="default-src *"><meta http-equiv=Content-Type content="text/html; charset=utf-7"><meta name=referrer content=unsafe-url><meta charset=utf-16><meta http-equiv=X-UA-Compatible content=IE=7><meta http-equiv=origin-trial content=x>`,
  );
  html(
    14,
    "viewport, theme and scheme by meta",
    '<meta name=viewport content="width=10,initial-scale=9"><meta name=theme-color content=red><meta name=color-scheme content=dark>',
  );
  html(
    14,
    "base",
    `<base href="${to("base")}" target=_top><a href="x">x</a><img src="y"><base href="javascript:${q}//"><a href="#">z</a>`,
  );
  html(
    14,
    "names that hide things of the document",
    [
      "body",
      "head",
      "cookie",
      "defaultView",
      "documentElement",
      "implementation",
      "createElement",
      "getElementById",
      "querySelectorAll",
      "firstChild",
      "attributes",
      "childNodes",
      "parentNode",
      "nodeName",
      "removeChild",
      "insertBefore",
      "ownerDocument",
      "location",
      "forms",
      "images",
      "currentScript",
      "adoptedStyleSheets",
    ]
      .map((n) => `<img name=${n}><form id=${n}><input name=${n}></form>`)
      .join(""),
  );
  html(
    14,
    "form whose parts hide its own",
    [
      "attributes",
      "childNodes",
      "nodeName",
      "removeAttribute",
      "setAttribute",
      "insertBefore",
      "textContent",
      "parentNode",
      "nextSibling",
      "innerHTML",
      "tagName",
      "namespaceURI",
      "hasChildNodes",
      "nodeType",
      "remove",
    ]
      .map((n) => `<form onclick="${q}" ><input name=${n}><input id=${n}><img src=x onerror="${q}"></form>`)
      .join(""),
  );
  html(
    14,
    "names that hide things of the window",
    [
      "top",
      "self",
      "parent",
      "name",
      "status",
      "fetch",
      "x",
      "config",
      "session",
      "tamanoir",
      "app",
      "root",
      "toString",
      "valueOf",
      "__proto__",
      "constructor",
      "prototype",
      "hasOwnProperty",
    ]
      .map((n) => `<a id="${n}"></a><a id="${n}" name="${n}" href="javascript:${q}">x</a><iframe name="${n}"></iframe>`)
      .join(""),
  );
  html(
    14,
    "ids of our own page",
    `${["app", "root", "main", "list", "reader", "toolbar", "compose", "undo", "search", "nav"]
      .map((n) => `<div id=${n} class="${n} zz">x</div><label for=${n}>y</label>`)
      .join("")}<div role=dialog aria-modal=true aria-labelledby=app aria-live=assertive>z</div>`,
  );
  html(
    3,
    "words that a highlighter touches",
    `<p title="budget ${escaped(img)}">budget</p><p>bud<!-- ${img} -->get</p><p>&lt;img src=x onerror=${q}&gt; budget</p>`,
  );
  html(
    3,
    "words that a replacer renames",
    `<body onload="${q}"><p>x</p></body><p class="</style>${escaped(img)}">body body</p><svg><body onload="${q}"></svg><div title="<body onload=${q}>">x</div>`,
  );
  html(
    3,
    "quotes to be folded",
    `<blockquote type=cite cite="javascript:${q}"><div class="gmail_quote ${escaped(img)}">x</div></blockquote><div id="divRplyFwdMsg" title="${escaped(img)}">y</div><hr id=stopSpelling>`,
  );
  html(
    3,
    "addresses in text that are made links",
    `http://c.example/"onmouseover="${q}" &lt;script&gt;${q}&lt;/script&gt; <p>http://c.example/&lt;img src=x onerror=${q}&gt;</p> a@b.example"onclick="${q}`,
  );
  html(
    3,
    "dark colours are recalculated",
    `<p style="color:rgb(1,2,3);background:#fff;x:&quot;&gt;${escaped(img)}">x</p><font color="&quot;&gt;${escaped(img)}" face="${escaped(img)}">y</font><td bgcolor="url(${to("bgcolor")})">z</td><p style="color:var(--x,url(${to("colour")}))">w</p>`,
  );
  html(
    3,
    "attributes that carry prefixes of ours",
    `<div data-zz-remote="${to("remote")}" data-src="${to("datasrc")}" data-original-src="${to("orig")}" data-blocked="${to("blocked")}" data-cid="x">x</div>`,
  );
  return cases;
}
