// Cuts the icons named in src/ui/icon-names.json out of lucide-static into one sprite: src/ui/sprite.svg.
import { readFileSync, writeFileSync } from "node:fs";

const names = JSON.parse(readFileSync("src/ui/icon-names.json", "utf8"));
const symbols = names.map((name) => {
  const svg = readFileSync(`node_modules/lucide-static/icons/${name}.svg`, "utf8");
  const inner = svg
    .slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>"))
    .replace(/\s*\n\s*/g, "")
    .replace(/ \/>/g, "/>");
  return `<symbol id="${name}" viewBox="0 0 24 24">${inner}</symbol>`;
});
writeFileSync("src/ui/sprite.svg", `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`);
