import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { intlLocale, locale, t } from "../src/i18n";
import { Button } from "../src/ui/Button";
import { ask, type DnsRecord, forgetToken } from "./api";
import { Bars } from "./CheckStep";
import { Copy, Heading, Mark, Problem, Ways } from "./parts";
import { leave, place, words } from "./state";

/** The records to add, each to copy, compared with what is there. */
export function DnsStep() {
  const records = useSignal<DnsRecord[] | undefined>(undefined);
  const later = useSignal("");
  const when = useSignal("");
  const problem = useSignal("");
  const looking = useSignal(false);
  const look = async () => {
    looking.value = true;
    problem.value = "";
    try {
      const answer = await ask<{ records: DnsRecord[]; later: string }>("GET", "records");
      records.value = answer.records;
      later.value = answer.later;
      when.value = new Date().toLocaleTimeString(intlLocale());
    } catch (error) {
      if (!leave(error)) problem.value = words(error);
    } finally {
      looking.value = false;
    }
  };
  const finish = async () => {
    problem.value = "";
    try {
      await ask("POST", "finish");
      forgetToken();
      place.value = "done";
    } catch (error) {
      if (!leave(error)) problem.value = words(error);
    }
  };
  const language = locale.value;
  useEffect(() => void look(), [language]);
  const all = records.value ?? [];
  return (
    <>
      <Heading title={t("setup.dns.title")} text={t("setup.dns.text")} />
      {records.value && (
        <div class="above">
          <p role="status">
            <strong class="digits">
              {t("setup.dns.count", { done: all.filter((one) => one.grade === "ok").length, all: all.length })}
            </strong>{" "}
            <span class="note digits">{t("setup.dns.last", { time: when.value })}</span>
          </p>
          <Button icon="refresh-cw" kind="outline" disabled={looking.value} onClick={() => void look()}>
            {looking.value ? t("setup.looking") : t("setup.again")}
          </Button>
        </div>
      )}
      {!records.value && !problem.value && <Bars count={10} />}
      {records.value && (
        <ul class={looking.value ? "card records again" : "card records"} aria-busy={looking.value}>
          {all.map((one) => (
            <RecordRow key={`${one.type} ${one.name} ${one.value}`} record={one} />
          ))}
        </ul>
      )}
      <p class="note">{later.value}</p>
      <Problem text={problem.value} again={records.value ? undefined : () => void look()} />
      <p class="note">{t("setup.dns.finishNote")}</p>
      <Ways>
        <Button kind="primary" class="large" onClick={() => void finish()}>
          {t("setup.dns.finish")}
        </Button>
        <Button
          class="large"
          onClick={() => {
            place.value = "account";
          }}
        >
          {t("setup.back")}
        </Button>
      </Ways>
    </>
  );
}

function RecordRow({ record }: { record: DnsRecord }) {
  const { name, type, value, grade, found, why } = record;
  return (
    <li class="record" data-kind={record.kind} data-grade={grade}>
      <Mark grade={grade} />
      <div>
        <p class="why">
          <strong>{type}</strong> {why}
        </p>
        <dl>
          <Copied label={t("setup.dns.name")} text={name} type={type} />
          {value ? (
            <Copied label={t("setup.dns.value")} text={value} type={type} />
          ) : (
            <div class="line">
              <dt>{t("setup.dns.value")}</dt>
              <dd>{t("setup.dns.unknownValue")}</dd>
            </div>
          )}
          {grade !== "ok" && (
            <div class="line found">
              <dt>{t("setup.dns.found")}</dt>
              <dd>
                {found.length > 0
                  ? found.map((one) => <code key={one}>{one}</code>)
                  : t(grade === "unknown" ? "setup.dns.unasked" : "setup.dns.nothing")}
              </dd>
            </div>
          )}
        </dl>
      </div>
    </li>
  );
}

function Copied({ label, text, type }: { label: string; text: string; type: string }) {
  return (
    <div class="line">
      <dt>{label}</dt>
      <dd>
        <code>{text}</code>
        <Copy text={text} what={`${label} ${type} ${text}`} />
      </dd>
    </div>
  );
}
