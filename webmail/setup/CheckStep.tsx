import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { locale, t } from "../src/i18n";
import { Button } from "../src/ui/Button";
import { ask, type Finding } from "./api";
import { Heading, Mark, Problem, Ways } from "./parts";
import { leave, place, words } from "./state";

/** Looks at the machine and the world; changes nothing. */
export function CheckStep() {
  const findings = useSignal<Finding[] | undefined>(undefined);
  const problem = useSignal("");
  const looking = useSignal(false);
  const look = async () => {
    looking.value = true;
    problem.value = "";
    try {
      findings.value = (await ask<{ checks: Finding[] }>("GET", "checks")).checks;
    } catch (error) {
      if (!leave(error)) problem.value = words(error);
    } finally {
      looking.value = false;
    }
  };
  const language = locale.value;
  useEffect(() => void look(), [language]);
  const all = findings.value ?? [];
  const order = { fail: 0, warn: 1, unknown: 2, ok: 3 };
  const todo = all.filter((one) => one.grade !== "ok").sort((a, b) => order[a.grade] - order[b.grade]);
  const fine = all.filter((one) => one.grade === "ok");
  return (
    <>
      <Heading title={t("setup.check.title")} text={t("setup.check.text")} />
      <p class="sr" role="status">
        {looking.value ? t("setup.looking") : todo.length ? t("setup.check.todo", { n: todo.length }) : ""}
      </p>
      <Problem text={problem.value} again={() => void look()} />
      {!findings.value && !problem.value && <Bars count={8} />}
      {findings.value && (
        <div class={looking.value ? "findings again" : "findings"} aria-busy={looking.value}>
          {todo.length > 0 ? (
            <>
              <h2>{t("setup.check.todo", { n: todo.length })}</h2>
              <List findings={todo} />
              <p class="note">{t("setup.check.goOn")}</p>
            </>
          ) : (
            <p>{t("setup.check.allFine")}</p>
          )}
          {fine.length > 0 && (
            <>
              <h2>{t("setup.check.fine", { n: fine.length })}</h2>
              <List findings={fine} />
            </>
          )}
        </div>
      )}
      <Ways>
        <Button
          kind="primary"
          class="large"
          onClick={() => {
            place.value = "names";
          }}
        >
          {t("setup.next")}
        </Button>
        <Button icon="refresh-cw" class="large" disabled={looking.value} onClick={() => void look()}>
          {looking.value ? t("setup.looking") : t("setup.again")}
        </Button>
      </Ways>
    </>
  );
}

function List({ findings }: { findings: Finding[] }) {
  return (
    <ul class="card">
      {findings.map((one) => (
        <li key={one.check} class="finding" data-check={one.check} data-grade={one.grade}>
          <Mark grade={one.grade} />
          <div>
            <h3>{one.title}</h3>
            <p>{one.text}</p>
            {one.advice && <p class="advice">{one.advice}</p>}
          </div>
        </li>
      ))}
    </ul>
  );
}

/** Still grey lines where the answer will be. */
export function Bars({ count }: { count: number }) {
  return (
    <div class="card bars" aria-hidden="true">
      {Array.from({ length: count }, (_, i) => (
        <div key={i} class="bar" />
      ))}
    </div>
  );
}
