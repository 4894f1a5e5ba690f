import { t } from "../i18n";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import type { Doubt } from "./outbox";

/** Something looks forgotten: back to the mail is the first choice. */
export function DoubtDialog({ doubt, answer }: { doubt: Doubt; answer: (send: boolean) => void }) {
  return (
    <Dialog
      title={doubt.title}
      onClose={() => answer(false)}
      actions={
        <>
          <Button kind="primary" autofocus onClick={() => answer(false)}>
            {t("check.back")}
          </Button>
          <Button kind="outline" onClick={() => answer(true)}>
            {t("check.anyway")}
          </Button>
        </>
      }
    >
      <p>{doubt.text}</p>
    </Dialog>
  );
}
