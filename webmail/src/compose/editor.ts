// The rich text editor: Squire, fitted to a page whose policy forbids inline styles and HTML from strings.
import Squire from "squire-rte";
import { clean, type PictureSource } from "./html";

export interface Formats {
  bold: boolean;
  italic: boolean;
  underline: boolean;
  strike: boolean;
  bullets: boolean;
  numbers: boolean;
  quote: boolean;
  link: boolean;
}
export const NO_FORMATS: Formats = {
  bold: false,
  italic: false,
  underline: false,
  strike: false,
  bullets: false,
  numbers: false,
  quote: false,
  link: false,
};

export class RichText extends Squire {
  private readonly pictures: PictureSource;
  private readonly styles: MutationObserver;

  constructor(root: HTMLElement, pictures: PictureSource) {
    super(root, {
      blockTag: "DIV",
      tagAttributes: { blockquote: { type: "cite" } },
      addLinks: true,
      sanitizeToDOMFragment: (html: string) => clean(html, pictures),
      didError: (error: unknown) => console.error(error),
    });
    this.pictures = pictures;
    // Styles that the editor writes as attributes do not count under the page's policy; set by the object model they do.
    this.styles = new MutationObserver((records) => {
      for (const record of records) {
        if (record.type === "attributes") restyle(record.target as HTMLElement);
        for (const node of record.addedNodes) {
          if (node.nodeType !== 1) continue;
          restyle(node as HTMLElement);
          for (const inner of (node as HTMLElement).querySelectorAll<HTMLElement>("[style]")) restyle(inner);
        }
      }
    });
    this.styles.observe(root, { attributes: true, attributeFilter: ["style"], childList: true, subtree: true });
  }

  override destroy(): void {
    this.styles.disconnect();
    super.destroy();
  }

  /** Undo steps come back through the cleaner: nothing enters the page as a string. */
  override _setRawHTML(html: string): this {
    const root = this._root;
    root.replaceChildren(clean(html, this.pictures ?? (() => undefined), true));
    if (!root.firstChild || root.firstChild.nodeName === "BR") root.prepend(this.createDefaultBlock());
    this._ignoreChange = true;
    return this;
  }

  /** Puts cleaned nodes in as they are: a quoted mail is not rebuilt by the editor's own tidying. */
  setContent(content: DocumentFragment): void {
    const root = this._root;
    root.replaceChildren(content);
    this.tidyEnds();
    const first = root.firstElementChild ?? root;
    const range = document.createRange();
    range.setStart(first, 0);
    range.collapse(true);
    this.setSelection(range);
    this._undoIndex = -1;
    this._undoStack.length = 0;
    this._undoStackLength = 0;
    this._isInUndoState = false;
    this.saveUndoState();
    this._updatePath(this.getSelection(), true);
  }

  /** There is a line to write on at both ends, also before and after a table or a quote. */
  private tidyEnds(): void {
    const root = this._root;
    const solid = (node: Node | null) =>
      node?.nodeType !== 1 || /^(?:TABLE|BLOCKQUOTE|UL|OL|HR|IMG)$/.test(node.nodeName);
    // Text that stands in the root itself becomes a line.
    let line: HTMLElement | undefined;
    for (const node of [...root.childNodes]) {
      const inline = node.nodeType === 3 || /^(?:A|B|I|U|S|EM|STRONG|SPAN|FONT|BR|IMG|CODE)$/.test(node.nodeName);
      if (!inline) {
        line = undefined;
        continue;
      }
      if (node.nodeType === 3 && !line && (node.nodeValue ?? "").trim() === "") {
        node.remove();
        continue;
      }
      if (!line) {
        line = document.createElement("div");
        root.insertBefore(line, node);
      }
      line.append(node);
      if (node.nodeName === "BR") line = undefined;
    }
    if (solid(root.firstChild)) root.prepend(this.createDefaultBlock());
    if (solid(root.lastChild)) root.append(this.createDefaultBlock());
  }

  formats(): Formats {
    const path = this.getPath();
    const within = (tag: string) => new RegExp(`(?:^|>)${tag}(?:[.#>[]|$)`).test(path) || this.hasFormat(tag);
    return {
      bold: within("B") || within("STRONG"),
      italic: within("I") || within("EM"),
      underline: within("U"),
      strike: within("S") || within("DEL"),
      bullets: within("UL"),
      numbers: within("OL"),
      quote: within("BLOCKQUOTE"),
      link: within("A"),
    };
  }
}

function restyle(element: HTMLElement): void {
  const wanted = element.getAttribute("style");
  if (wanted && element.style.length === 0) element.style.cssText = wanted;
}
