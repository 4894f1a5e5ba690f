// A PDF of one page made by hand: one line of text, and what a test wants in its catalogue.
const literal = (text) => text.replace(/[()\\]/g, "\\$&");

/** The file in base64; `extra` stands in the catalogue, such as an action at opening. */
export function pdf(text, extra = "") {
  const content = `BT /F1 24 Tf 40 120 Td (${literal(text)}) Tj ET\n40 60 220 20 re f`;
  const objects = [
    `<</Type/Catalog/Pages 2 0 R${extra}>>`,
    "<</Type/Pages/Kids[3 0 R]/Count 1>>",
    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 320 200]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
    `<</Length ${content.length}>>\nstream\n${content}\nendstream`,
    "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
  ];
  let file = "%PDF-1.4\n";
  const places = objects.map((object, index) => {
    const place = file.length;
    file += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return place;
  });
  const start = file.length;
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n`;
  file += places.map((place) => `${String(place).padStart(10, "0")} 00000 n \n`).join("");
  file += `trailer\n<</Size ${objects.length + 1}/Root 1 0 R>>\nstartxref\n${start}\n%%EOF\n`;
  return Buffer.from(file, "latin1").toString("base64");
}
