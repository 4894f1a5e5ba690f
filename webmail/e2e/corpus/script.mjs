// Rows 1-5 and 13 of the threat list: markup that wants to run script, straight, after repair by the parser, or after the
// cleaner has looked away. `js` is the sentinel, `to(name)` an address whose fetching is counted.

/** Every content attribute that browsers run as a handler, beside those that only users set off. */
const HANDLERS = (
  "onabort onafterprint onanimationend onanimationiteration onanimationstart onauxclick onbeforecopy onbeforeinput " +
  "onbeforematch onbeforeprint onbeforetoggle onbeforeunload onblur oncancel oncanplay onchange onclick onclose " +
  "oncontentvisibilityautostatechange oncontextmenu oncopy oncuechange oncut ondblclick ondrag ondrop onended onerror onfocus onfocusin " +
  "onformdata onhashchange oninput oninvalid onkeydown onload onloadeddata onloadstart onmessage onmouseenter onmouseover " +
  "onmousewheel onpagehide onpageshow onpaste onpointerenter onpointerover onpointerrawupdate onpopstate onprogress onreset onresize " +
  "onscroll onscrollend onscrollsnapchange onsearch onsecuritypolicyviolation onselect onselectionchange onselectstart onslotchange " +
  "onstorage onsubmit onsuspend ontimeupdate ontoggle ontransitionend ontransitionrun ontransitionstart onunhandledrejection onunload " +
  "onvolumechange onwaiting onwebkitanimationstart onwheel"
).split(" ");

const escaped = (text) => text.replace(/&/g, "&amp;").replace(/"/g, "&quot;").replace(/</g, "&lt;");
const entities = (text) => `${[...text].map((c) => `&#${c.codePointAt(0)}`).join(";")};`;

export function script({ js, to }) {
  const q = escaped(js),
    data = `data:text/html,<script>${js}</script>`;
  const svg64 = `data:image/svg+xml;base64,${Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" id="x"><script>${js}</script></svg>`).toString("base64")}`;
  const cases = [];
  const add = (row, name, html) => cases.push({ row, name, html });

  // ---- elements that run or load script
  add(5, "script", `<script>${js}</script>`);
  add(5, "script, upper case and a slash", `<SCRIPT/x>${js}</SCRIPT/x>`);
  add(5, "script, nested in itself", `<scr<script>ipt>${js}</scr</script>ipt>`);
  add(5, "script that never ends", `<script>${js}//`);
  add(5, "script from afar", `<script src="${to("script")}"></script>`);
  add(
    5,
    "script from our own files",
    '<script src="/assets/app.js"></script><script src="/jmap/download/a/b/c?accept=text/javascript"></script>',
  );
  add(5, "module script", `<script type=module>${js}</script><script type=module src="${to("module")}"></script>`);
  add(
    5,
    "import map and preload",
    `<script type=importmap>{"imports":{"preact":"${to("map")}"}}</script><link rel=modulepreload href="${to("preload")}">`,
  );
  add(
    5,
    "speculation rules",
    `<script type=speculationrules>{"prefetch":[{"urls":["${to("rules")}"]}],"prerender":[{"urls":["${to("rules2")}"]}]}</script>`,
  );
  add(
    5,
    "script type of old",
    `<script language="vbscript">MsgBox 1</script><script type="text/jscript">${js}</script>`,
  );
  add(5, "noscript", `<noscript><p title="</noscript><img src=x onerror=&quot;${q}&quot;>"></noscript>`);
  add(
    5,
    "noembed, noframes",
    `<noembed><img title="</noembed><img src=x onerror=${q}>"></noembed><noframes><i title="</noframes><img src=x onerror=${q}>"></noframes>`,
  );
  add(
    5,
    "xmp, listing, plaintext",
    `<xmp><img title="</xmp><img src=x onerror=${q}>"></xmp><listing>&lt;img src=x onerror=${q}&gt;</listing><plaintext><img src=x onerror=${q}>`,
  );
  add(5, "CDATA in HTML", `<![CDATA[<script>${js}</script>]]><p>x</p>`);
  add(
    5,
    "processing instruction",
    `<?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="${to("xsl")}"?><script>${js}</script>`,
  );
  add(5, "declaration with entity", `<!DOCTYPE html [<!ENTITY x "<script>${js}</script>">]><p>&x;</p>`);
  add(5, "comment that ends early", `<!--><script>${js}</script>--><!---><script>${js}</script>-->`);
  add(5, "comment with bang", `<!-- x --!><script>${js}</script><!-- -->`);
  add(5, "conditional comment", `<!--[if gte IE 4]><script>${js}</script><![endif]-->`);
  add(5, "style that ends in an attribute", `<style><p title="</style><img src=x onerror=${q}>"></style>`);
  add(
    5,
    "title and textarea",
    `<title><img title="</title><img src=x onerror=${q}>"></title><textarea><img title="</textarea><img src=x onerror=${q}>"></textarea>`,
  );
  add(
    5,
    "select eats tags",
    `<select><style><img src=x onerror=${q}></style></select><select><option><script>${js}</script></select>`,
  );
  add(5, "null octets in names", `<scr\0ipt>${js}</scr\0ipt><img src=x on\0error="${q}"><img\0 src=x onerror="${q}">`);
  add(5, "form feed and slash between attributes", `<img/src=x\fonerror="${q}"><img/\u000b/src/onerror="${q}">`);
  add(5, "attribute without quotes", `<img src=x onerror=${js.replace(/[\s"'>]/g, "")}>`);
  add(5, "backquotes", `<img src=\`x\` onerror=\`${q}\`>`);
  add(5, "broken tag before", `<<img src=x onerror="${q}"><a <img src=x onerror="${q}">`);
  add(5, "frameset", `<frameset onload="${q}"><frame src="javascript:${q}"></frameset>`);
  add(5, "body handlers", `<body onload="${q}" onpageshow="${q}" onfocus="${q}" onhashchange="${q}">`);
  add(5, "html handlers", `<html onload="${q}" onmouseover="${q}"><head onload="${q}"></head><body>x`);
  add(
    5,
    "second body hands its attributes over",
    `<p>x</p><body onload="${q}" background="${to("body2")}"><html onclick="${q}">`,
  );
  add(5, "marquee", `<marquee onstart="${q}" onbounce="${q}" loop=1 behavior=alternate>x</marquee>`);
  add(5, "details opens itself", `<details open ontoggle="${q}"><summary>x</summary></details>`);
  add(
    5,
    "dialog and popover",
    `<dialog open onclose="${q}">x</dialog><div popover onbeforetoggle="${q}" id=p>x</div><button popovertarget=p>x</button>`,
  );
  add(
    5,
    "autofocus",
    `<input autofocus onfocus="${q}"><textarea autofocus onfocus="${q}"></textarea><a tabindex=0 autofocus onfocus="${q}" href="#">x</a><div contenteditable autofocus onfocus="${q}">x</div>`,
  );
  add(
    5,
    "media errors",
    `<video src=x onerror="${q}"></video><audio src=x onerror="${q}"></audio><video><source onerror="${q}" src=x></video><picture><source srcset=x onerror="${q}"><img src=x onerror="${q}"></picture>`,
  );
  add(
    5,
    "object and embed",
    `<object data="javascript:${q}"></object><embed src="javascript:${q}"><object data="${escaped(data)}" type="text/html"></object><embed src="${svg64}">`,
  );
  add(
    5,
    "object with parameters",
    `<object><param name="movie" value="${to("movie")}"><param name="code" value="javascript:${q}"></object><applet code="x" archive="${to("jar")}"></applet>`,
  );
  add(
    5,
    "iframe",
    `<iframe src="javascript:${q}"></iframe><iframe srcdoc="<script>${q}</script>"></iframe><iframe src="${escaped(data)}"></iframe><iframe src="about:blank" onload="${q}"></iframe>`,
  );
  add(
    5,
    "iframe on our origin",
    `<iframe src="/" onload="${q}"></iframe><iframe src="/frame/strict.html"></iframe><iframe src="/settings"></iframe>`,
  );
  add(
    5,
    "fenced frame and portal",
    `<fencedframe src="${to("fence")}"></fencedframe><portal src="${to("portal")}"></portal><webview src="${to("webview")}"></webview>`,
  );
  add(
    5,
    "template and shadow root",
    `<template><img src=x onerror="${q}"></template><div><template shadowrootmode=open><img src=x onerror="${q}"><slot></slot></template></div>`,
  );
  add(
    5,
    "custom element",
    `<x-app onload="${q}" is="x-app"></x-app><button is="x-button" onclick="${q}">x</button><tamanoir-app></tamanoir-app>`,
  );
  add(5, "isindex and keygen", `<isindex action="javascript:${q}" type=image><keygen autofocus onfocus="${q}">`);
  add(5, "table out of place", `<table><tr><img src=x onerror="${q}"><svg onload="${q}"></table>`);
  add(5, "image written as image", `<image src=x onerror="${q}"><image href="${to("image")}">`);
  add(
    5,
    "XML data island",
    `<xml id=x><a><b>&lt;script>${js}&lt;/script></b></a></xml><div datasrc=#x datafld=b dataformatas=html></div>`,
  );
  add(5, "server side include", `<!--#exec cmd="id"--><esi:include src="${to("esi")}"/>`);
  add(
    5,
    "expression of a template engine",
    `{{constructor.constructor("${js.replace(/"/g, "'")}")()}}\${${js}}<%= 1 %>#{1}`,
  );
  for (const handler of HANDLERS) {
    add(
      5,
      `handler ${handler}`,
      `<img src=x ${handler}="${q}" style="animation:x 1s" tabindex=1><svg ${handler}="${q}"></svg><a ${handler.toUpperCase()}="${q}" href="#x">x</a>`,
    );
  }

  // ---- addresses that are script
  const spellings = {
    plain: "javascript:",
    "mixed case": "jAvAsCrIpT:",
    "leading space": " \t\n javascript:",
    "tab inside": "java\tscript:",
    "newline inside": "java\nscript:",
    "entity tab": "java&#9;script:",
    "entity without semicolon": "java&#0000010script:",
    "named entities": "java&Tab;script&colon;",
    "hex entities": "&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74&#x3A",
    "all entities": entities("javascript:"),
    "control characters": "\u0001\u0008javascript:",
    "zero width": "java\u200bscript:",
    "no-break space": "\u00a0javascript:",
    "soft hyphen": "java\u00adscript:",
    "view-source": "view-source:javascript:",
    feed: "feed:javascript:",
    "url prefix": "url:javascript:",
    "with comment": "javascript://x%0a",
    vbscript: "vbscript:",
    livescript: "livescript:",
    mocha: "mocha:",
    "long s": "ja\u0076a\u017fcript:",
  };
  for (const [how, scheme] of Object.entries(spellings)) {
    add(
      13,
      `link, scheme ${how}`,
      `<a href="${scheme}${q}">x</a><area href="${scheme}${q}"><a xlink:href="${scheme}${q}">y</a><svg><a href="${scheme}${q}"><text y=9>z</text></a></svg>`,
    );
    add(
      13,
      `sources, scheme ${how}`,
      `<img src="${scheme}${q}"><iframe src="${scheme}${q}"></iframe><form action="${scheme}${q}"><button formaction="${scheme}${q}">x</button></form><body background="${scheme}${q}"><q cite="${scheme}${q}">x</q>`,
    );
  }
  for (const [how, address] of Object.entries({
    "data html": data,
    "data html base64": `data:text/html;base64,${Buffer.from(`<script>${js}</script>`).toString("base64")}`,
    "data xhtml": `data:application/xhtml+xml,<html xmlns="http://www.w3.org/1999/xhtml"><script>${js}</script></html>`,
    "data svg": svg64,
    "data xml": `data:text/xml,<x:script xmlns:x="http://www.w3.org/1999/xhtml">${js}</x:script>`,
    "data with blanks": ` d\na\tta:text/html,<script>${js}</script>`,
    "data without type": `data:,<script>${js}</script>`,
    "data type in capitals": `DATA:TEXT/HTML;CHARSET=UTF-7,+ADw-script+AD4-${js}+ADw-/script+AD4-`,
    "blob of ours": "blob:http://localhost/00000000-0000-0000-0000-000000000000",
    filesystem: "filesystem:http://localhost/temporary/x.html",
    file: "file:///etc/passwd",
    about: "about:blank",
    intent: "intent://x#Intent;scheme=http;end",
    "ms-office": "ms-word:ofe|u|http://c.example/x.docx",
    jar: "jar:http://c.example/x.jar!/x.html",
    "search-ms": "search-ms:query=x&crumb=location:\\\\c.example\\x",
    chrome: "chrome://settings",
    "cid to nothing": "cid:nothing@here",
  }))
    add(
      13,
      `address ${how}`,
      `<a href="${escaped(address)}">x</a><img src="${escaped(address)}"><img srcset="${escaped(address)} 1x"><iframe src="${escaped(address)}"></iframe><link rel=stylesheet href="${escaped(address)}"><embed src="${escaped(address)}"><object data="${escaped(address)}"></object><video poster="${escaped(address)}"></video>`,
    );
  return cases;
}
