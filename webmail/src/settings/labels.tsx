import { t } from "../i18n";
import { editLabel } from "../list/menus";
import { change, type Label, settings } from "../store/settings";
import { Button } from "../ui/Button";
import { showToast } from "../ui/Toast";

/** Names and colours of the labels; the order is that of the side bar. */
export function Labels() {
  const list = settings.value.labels;
  const move = (at: number, to: number) => {
    const next = [...list];
    const [label] = next.splice(at, 1);
    if (label) next.splice(to, 0, label);
    change({ labels: next });
  };
  const remove = (label: Label) => {
    const before = settings.peek().labels;
    change({ labels: before.filter((l) => l.keyword !== label.keyword) });
    showToast({ text: t("set.labels.removed", { name: label.name }), undo: () => change({ labels: before }) });
  };
  return (
    <>
      {list.length === 0 && <p class="settings-none">{t("set.labels.none")}</p>}
      <ul class="settings-list">
        {list.map((label, index) => (
          <li key={label.keyword}>
            <span class={`label label-${label.colour}`}>{label.name}</span>
            <span class="settings-gap" />
            <Button
              small
              icon="arrow-up"
              disabled={index === 0}
              label={t("set.labels.up", { name: label.name })}
              onClick={() => move(index, index - 1)}
            />
            <Button
              small
              icon="arrow-down"
              disabled={index === list.length - 1}
              label={t("set.labels.down", { name: label.name })}
              onClick={() => move(index, index + 1)}
            />
            <Button
              small
              icon="pencil"
              label={t("set.labels.edit", { name: label.name })}
              onClick={() => editLabel(label)}
            />
            <Button
              small
              icon="trash-2"
              label={t("set.labels.remove", { name: label.name })}
              onClick={() => remove(label)}
            />
          </li>
        ))}
      </ul>
      <Button kind="outline" icon="plus" onClick={() => editLabel()}>
        {t("label.new")}
      </Button>
    </>
  );
}
