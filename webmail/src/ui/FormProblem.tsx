import { Icon } from "./Icon";

/** What is wrong with a form, in plain words, spoken when it appears; the place is there while nothing is wrong. */
export function FormProblem({ text }: { text: string }) {
  return (
    <div role="alert" class="form-problem">
      {text && (
        <p>
          <Icon name="triangle-alert" />
          <span>{text}</span>
        </p>
      )}
    </div>
  );
}
