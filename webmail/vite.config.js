import { messages } from "./build/messages.mjs";
import { squireStyles } from "./build/squire.mjs";

const backend = process.env.TAMANOIR_URL ?? "http://localhost:8080";
const served = ["/auth", "/jmap", "/.well-known", "/pictures", "/unsubscribe", "/setup/api"];

// Lazy parts are named after their folder, message files after locale and area, so that a network log can be read.
function chunkName(chunk) {
  const id = chunk.facadeModuleId ?? "";
  const message = /messages:([\w-]+)\/(\w+)/.exec(id);
  if (message) return `messages-${message[1]}-${message[2]}`;
  if (chunk.moduleIds?.some((module) => module.includes("/squire-rte/"))) return "squire";
  return /src\/(\w+)\/index\.tsx?$/.exec(id)?.[1] ?? chunk.name;
}

export default {
  root: import.meta.dirname,
  plugins: [messages(import.meta.dirname), squireStyles()],
  server: { proxy: Object.fromEntries(served.map((path) => [path, { target: backend, ws: path === "/jmap" }])) },
  build: {
    target: ["chrome120", "firefox121", "safari17.2"],
    outDir: "dist",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: "manifest.json",
    reportCompressedSize: false,
    rolldownOptions: {
      input: { index: "index.html", setup: "setup.html" },
      output: {
        assetFileNames: "assets/[name]-[hash][extname]",
        chunkFileNames: (chunk) => `assets/${chunkName(chunk)}-[hash].js`,
        entryFileNames: "assets/[name]-[hash].js",
        // The first load is two files: what the set-up page shares, and the rest of the mail program.
        codeSplitting: {
          groups: [
            {
              name: "base",
              test: /node_modules\/(preact|@preact)|src\/(ui|i18n|theme|keys)\/|store\/settings|store\/session|src\/jmap/,
              priority: 2,
            },
            {
              name: "core",
              test: /src\/(store|list|search|router|shell|reader)\/(?!body\/(Frame|clean|styles|recolour|trust))(?!print|pdf\/Pdf)/,
              priority: 1,
            },
          ],
        },
      },
    },
  },
  test: { include: ["src/**/*.test.ts", "tests/**/*.test.ts", "build/**/*.test.mjs"] },
};
