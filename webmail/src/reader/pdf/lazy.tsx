// The reader of PDF files is fetched with the first one that is looked at: it is larger than all of the mail program.
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { t } from "../../i18n";
import type { PdfProps } from "./Pdf";

let loaded: ComponentType<PdfProps> | undefined;

export function Pdf(props: PdfProps) {
  const [, redraw] = useState(0);
  useEffect(() => {
    if (loaded) return;
    import("./Pdf").then((module) => {
      loaded = module.Pdf;
      redraw((n) => n + 1);
    }, props.failed);
  }, []);
  const Loaded = loaded;
  return Loaded ? (
    <Loaded {...props} />
  ) : (
    <p class="preview-none" data-loading>
      {t("loading")}
    </p>
  );
}
