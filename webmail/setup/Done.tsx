import { t } from "../src/i18n";
import { Heading, Mark } from "./parts";
import { state } from "./state";

/** The end: where to go, and what mail programs want to know. */
export function Done() {
  const { address, host, imaps, submissions } = state.value;
  return (
    <div class="done">
      <Mark grade="ok" />
      <Heading title={t("setup.done.title")} text={t("setup.done.text", { address })} />
      <p>
        <a class="button primary large" href="/">
          {t("setup.done.open")}
        </a>
      </p>
      <section class="card" aria-labelledby="programs">
        <h2 id="programs">{t("setup.done.programs")}</h2>
        <dl>
          <div class="line">
            <dt>{t("setup.done.read")}</dt>
            <dd>{t("setup.done.tls", { host, port: String(imaps) })}</dd>
          </div>
          <div class="line">
            <dt>{t("setup.done.send")}</dt>
            <dd>{t("setup.done.tls", { host, port: String(submissions) })}</dd>
          </div>
          <div class="line">
            <dt>{t("setup.done.user")}</dt>
            <dd>
              <code>{address}</code>
            </dd>
          </div>
        </dl>
      </section>
    </div>
  );
}
