// A PDF as pictures of its pages with its text above them, drawn by pdf.js in this page. The browser's own viewer would
// run the scripts of the file (a dialog, a form that submits itself); here there is nothing that could run them: no
// scripting engine is loaded, links and forms are only drawn, and the worker is under the policy of the page.
import {
  AnnotationMode,
  getDocument,
  type PDFDocumentLoadingTask,
  type PDFDocumentProxy,
  PDFWorker,
  TextLayer,
  version,
} from "pdfjs-dist/legacy/build/pdf.mjs";
import workerFile from "pdfjs-dist/legacy/build/pdf.worker.min.mjs?url";
import { useEffect, useRef } from "preact/hooks";
import { t } from "../../i18n";
import { pdfWorkerUrl } from "../body/trust";

export interface PdfProps {
  source: string;
  name: string;
  failed: () => void;
}

export function Pdf({ source, name, failed }: PdfProps) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const pages = box.current;
    if (!pages) return;
    const view = new PdfView(pages, source);
    view.open().catch(() => !view.closed && failed());
    return () => view.close();
  }, [source]);
  // What scrolls must be reachable by the keyboard (WCAG 2.1.1).
  return <div class="preview-pdf" role="region" aria-label={name} aria-busy="true" tabIndex={0} ref={box} />;
}

/** The octets of one page's picture stay within what phones can hold: 16 million pixels. */
const MOST_PIXELS = 16_000_000;
const WIDEST = 960;

class PdfView {
  closed = false;
  private file: PDFDocumentProxy | undefined;
  private readonly port = new Worker(pdfWorkerUrl(workerFile), { type: "module", name: "pdf" });
  private readonly worker = PDFWorker.create({ port: this.port });
  private readonly task: PDFDocumentLoadingTask;
  private readonly near: IntersectionObserver;
  private readonly drawn = new Map<Element, AbortController>();

  constructor(
    private readonly box: HTMLElement,
    source: string,
  ) {
    const folder = `/assets/pdf-${version}`;
    this.task = getDocument({
      url: new URL(source, location.href).href,
      worker: this.worker,
      cMapUrl: `${folder}/cmaps/`,
      standardFontDataUrl: `${folder}/standard_fonts/`,
      wasmUrl: `${folder}/wasm/`,
      // The page's policy forbids WebAssembly: pictures of scanners are unpacked by plain script.
      useWasm: false,
      useWorkerFetch: true,
      disableWorkerRendering: true,
      enableXfa: false,
      verbosity: 0,
    });
    this.near = new IntersectionObserver((entries) => this.moved(entries), { root: box, rootMargin: "100% 0px" });
  }

  async open(): Promise<void> {
    // A worker that cannot be loaded would be waited for without end.
    const broken = new Promise<never>((_, reject) => this.port.addEventListener("error", reject, { once: true }));
    const file = await Promise.race([this.task.promise, broken]);
    if (this.closed) return;
    this.file = file;
    const first = (await file.getPage(1)).getViewport({ scale: 1 });
    if (this.closed) return;
    for (let number = 1; number <= file.numPages; number++) {
      const page = document.createElement("section");
      page.className = "pdf-page";
      page.dataset.number = String(number);
      page.setAttribute("aria-label", t("attachment.page", { n: number, total: file.numPages }));
      this.fit(page, first.width, first.height);
      this.box.append(page);
      this.near.observe(page);
    }
    this.box.ariaBusy = "false";
  }

  close(): void {
    this.closed = true;
    this.near.disconnect();
    for (const drawing of this.drawn.values()) drawing.abort();
    void this.task.destroy().finally(() => {
      this.worker.destroy();
      this.port.terminate();
    });
    this.box.replaceChildren();
  }

  private fit(page: HTMLElement, width: number, height: number): number {
    const wide = Math.min(this.box.clientWidth - 16, WIDEST);
    page.style.inlineSize = `${wide}px`;
    page.style.blockSize = `${(wide * height) / width}px`;
    return wide / width;
  }

  /** Pages near the window are drawn, others are let go. */
  private moved(entries: IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of entries) {
      const drawing = this.drawn.get(target);
      if (isIntersecting && !drawing) {
        const started = new AbortController();
        this.drawn.set(target, started);
        this.draw(target as HTMLElement, started.signal).catch(() => {
          if (!started.signal.aborted) target.textContent = t("attachment.noPage");
        });
      } else if (!isIntersecting && drawing) {
        drawing.abort();
        this.drawn.delete(target);
        target.replaceChildren();
      }
    }
  }

  private async draw(target: HTMLElement, signal: AbortSignal): Promise<void> {
    const page = await this.file?.getPage(Number(target.dataset.number));
    if (!page || signal.aborted) return;
    const size = page.getViewport({ scale: 1 });
    const viewport = page.getViewport({ scale: this.fit(target, size.width, size.height) });
    const pixels = Math.min(devicePixelRatio, 2, Math.sqrt(MOST_PIXELS / (viewport.width * viewport.height)));
    const canvas = document.createElement("canvas");
    canvas.width = Math.floor(viewport.width * pixels);
    canvas.height = Math.floor(viewport.height * pixels);
    canvas.ariaHidden = "true";
    const text = document.createElement("div");
    text.className = "pdf-text";
    text.style.setProperty("--total-scale-factor", String(viewport.scale));
    target.replaceChildren(canvas, text);
    const rendering = page.render({
      canvas,
      viewport,
      transform: [pixels, 0, 0, pixels, 0, 0],
      annotationMode: AnnotationMode.ENABLE,
    });
    signal.addEventListener("abort", () => rendering.cancel(), { once: true });
    await rendering.promise;
    if (signal.aborted) return;
    const words = new TextLayer({ textContentSource: page.streamTextContent(), container: text, viewport });
    signal.addEventListener("abort", () => words.cancel(), { once: true });
    await words.render();
    target.dataset.drawn = "true";
  }
}
