// The reading frame alone: the whole corpus is written into it raw, as if there were no cleaner. What the frame's own
// policy and sandbox do must be enough that nothing runs and nothing but a look-up ahead leaves.
//
// The function below runs in the page, in whatever engine; it needs no more than the static frame file.
import { corpus, SENTINEL } from "../corpus/index.mjs";

/** Writes each body into a new frame of `file` and answers what the page noticed, by number of the case. */
export function throughFrames(file, bodies) {
  const inPage = async (address, all) => {
    const noticed = [];
    let message = "";
    addEventListener("message", () => {
      message = "message";
    });
    for (const [id, html] of all) {
      const frame = document.createElement("iframe");
      frame.src = address;
      document.body.append(frame);
      await new Promise((resolve) => frame.addEventListener("load", resolve, { once: true }));
      const before = location.href;
      frame.contentDocument.open();
      frame.contentDocument.write(html);
      frame.contentDocument.close();
      await new Promise((resolve) => setTimeout(resolve, 12));
      // Bodies may name their parts like the document's own, so its methods are taken from the prototype.
      const found = Document.prototype.querySelectorAll.call(frame.contentDocument, "a[href], button, summary");
      for (const node of [...found].slice(0, 3)) {
        // A person may click anything; links of a real reader open elsewhere, here only script would be noticed.
        if (!/^https?:/.test(node.protocol ?? "") && !node.target) node.click?.();
      }
      const signs = [
        window.name === "xss" && "name",
        document.title === "xss" && "title",
        localStorage.xss && "storage",
        message,
        location.href !== before && "navigation",
      ];
      if (signs.some(Boolean)) noticed.push([id, signs.filter(Boolean).join(" ")]);
      window.name = "";
      document.title = "frames";
      localStorage.removeItem("xss");
      message = "";
      frame.remove();
    }
    return noticed;
  };
  return `(${inPage})(${JSON.stringify(file)}, ${JSON.stringify(bodies)})`;
}

/** Bodies of HTML by number, in portions that travel well. */
export function portions(size = 60) {
  const all = corpus()
    .filter((c) => c.html !== undefined)
    .map((c) => [c.id, c.html]);
  return Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size));
}

/** A frame with no policy: shows that the sentinel works at all in this engine. */
export const OPEN_BODY = `<script>${SENTINEL}</script>`;
