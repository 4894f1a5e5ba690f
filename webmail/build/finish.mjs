// After Vite: writes the service worker with the list of the shell's files, then .br and .gz beside each asset.
import { createHash } from "node:crypto";
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const dist = "dist";
const manifest = JSON.parse(readFileSync(join(dist, "manifest.json"), "utf8"));
rmSync(join(dist, "manifest.json"));

// The shell is what the first load needs: the entry, what it imports at once, and the styles and icons of both.
const shell = new Set(["/"]);
const add = (key) => {
  const chunk = manifest[key];
  if (!chunk || shell.has(`/${chunk.file}`)) return;
  shell.add(`/${chunk.file}`);
  for (const file of [...(chunk.css ?? []), ...(chunk.assets ?? [])]) shell.add(`/${file}`);
  (chunk.imports ?? []).forEach(add);
};
add("index.html");
for (const [key, chunk] of Object.entries(manifest)) if (/messages-[a-z]+-mail-/.test(chunk.file)) add(key);
const files = [...shell].sort();
const version = createHash("sha256")
  .update(files.join("\n"))
  .update(readFileSync(join(dist, "index.html")))
  .digest("hex");
const worker = readFileSync("sw/sw.js", "utf8")
  .replace('"__VERSION__"', JSON.stringify(version.slice(0, 12)))
  .replace('["__SHELL__"]', JSON.stringify(files));
writeFileSync(join(dist, "sw.js"), worker);

// What pdf.js fetches by itself: fonts that every reader has, tables for the scripts of East Asia, and unpackers for
// scans without WebAssembly, which the page's policy forbids. The folder is named after the release, so it never changes.
const pdf = "node_modules/pdfjs-dist";
const { version: release } = JSON.parse(readFileSync(join(pdf, "package.json"), "utf8"));
for (const folder of ["cmaps", "standard_fonts", "wasm"]) {
  cpSync(join(pdf, folder), join(dist, "assets", `pdf-${release}`, folder), {
    recursive: true,
    filter: (file) => !/\.wasm$|quickjs/i.test(file),
  });
}

const TEXT = /\.(m?js|css|html|svg|json|webmanifest|txt)$/;
function compress(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) compress(path);
    else if (TEXT.test(entry.name)) {
      const bytes = readFileSync(path);
      writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
      writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
    }
  }
}
compress(dist);
