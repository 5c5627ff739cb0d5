// The answer to one case: a label first, then a note and how sure; the buttons stay in view.
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { Problem } from "../api";
import type { AskedField } from "../api-types";
import type { Draft } from "../drafts";
import { digitOf } from "../keys";
import { text } from "../messages";
import { Action, Kbd } from "../ui/kbd";
import { Fields } from "./answer-fields";

/** More labels than this are found by typing. */
const MANY = 9;

interface AnswerProps {
  question: string;
  labels: string[];
  /** The answer that no label fits; null where the task does not offer it. */
  none: string | null;
  /** The fields of the answer, and what was declared of them; null where an answer is a label, or nothing is shown. */
  fields: AskedField[] | null;
  declared: Record<string, unknown> | null;
  draft: Draft;
  enter: (some: Partial<Draft>) => void;
  /** `isDecided`: by a key of its own or a press, not by an arrow that moves through the labels. */
  choose: (label: string, isDecided: boolean) => void;
  decide: () => void;
  ask: (what: "escalate" | "skip") => void;
  problem: Problem | null;
  isBusy: boolean;
  status: ComponentChildren;
  children: ComponentChildren;
}

export function AnswerForm({ question, labels, none, fields, declared, draft, enter, choose, decide, ask, problem, isBusy, status, children }: AnswerProps) {
  const said = text.value.review;
  return (
    <form
      class="answer"
      onSubmit={(event) => {
        event.preventDefault();
        decide();
      }}
    >
      {problem ? (
        <p class="notice error" role="alert" tabIndex={-1} ref={(element) => element?.focus()}>
          {problem.message}
        </p>
      ) : null}
      {fields === null ? null : <Fields question={question} fields={fields} declared={declared} entered={draft.value} enter={(value) => enter({ value, label: "" })} />}
      <Labels question={fields === null ? question : said.otherwise} labels={fields === null ? labels : []} none={none} chosen={draft.label} choose={choose} />
      <Sureness value={draft.confidence} give={(confidence) => enter({ confidence })} />
      <label>
        {said.note} <Kbd action="note" />
        <textarea
          id="note"
          maxLength={4000}
          value={draft.comment}
          onInput={(event) => enter({ comment: event.currentTarget.value })}
          onKeyDown={(event) => event.key === "Escape" && event.currentTarget.blur()}
        />
      </label>
      {children}
      <div class="actions">
        <div class="buttons">
          <Action action="submit" tone="primary" onClick={decide} disabled={isBusy || (draft.label === "" && fields === null)}>
            {said.submit}
          </Action>
          <Action action="skip" onClick={() => ask("skip")} disabled={isBusy}>
            {said.skip}
          </Action>
          <Action action="escalate" onClick={() => ask("escalate")} disabled={isBusy}>
            {said.escalate}
          </Action>
        </div>
        {status}
      </div>
    </form>
  );
}

interface LabelsProps {
  question: string;
  labels: string[];
  none: string | null;
  chosen: string;
  choose: (label: string, isDecided: boolean) => void;
}

function Labels({ question, labels, none, chosen, choose }: LabelsProps) {
  const [search, setSearch] = useState("");
  const said = text.value.review;
  const isMany = labels.length > MANY + 1;
  const shown = isMany && search ? labels.filter((label) => label.toLowerCase().includes(search.toLowerCase())) : labels;
  return (
    <fieldset>
      <legend>{question}</legend>
      {isMany ? (
        <label>
          {said.find}
          <input type="search" value={search} onInput={(event) => setSearch(event.currentTarget.value)} />
        </label>
      ) : null}
      <div class="labels">
        {shown.map((label) => (
          <Choice key={label} value={label} words={label} chosen={chosen} choose={choose}>
            <Digit labels={labels} at={labels.indexOf(label)} />
          </Choice>
        ))}
        {none === null ? null : (
          <Choice value={none} words={said.noneOfThese} chosen={chosen} choose={choose}>
            <Kbd action="none" />
          </Choice>
        )}
      </div>
    </fieldset>
  );
}

interface ChoiceProps {
  value: string;
  words: string;
  chosen: string;
  choose: (label: string, isDecided: boolean) => void;
  children: ComponentChildren;
}

function Choice({ value, words, chosen, choose, children }: ChoiceProps) {
  return (
    <label class={chosen === value ? "chosen" : undefined}>
      <input type="radio" name="label" value={value} checked={chosen === value} onChange={() => choose(value, false)} onClick={(event) => event.detail > 0 && choose(value, true)} />
      <span>{words}</span>
      {children}
    </label>
  );
}

const STEPS = [
  { name: "low", value: 0.5 },
  { name: "middle", value: 0.75 },
  { name: "high", value: 1 },
] as const;

/** Three steps; nobody has said anything until they choose one, and a second press takes it back. */
function Sureness({ value, give }: { value: number | null; give: (value: number | null) => void }) {
  const said = text.value.review;
  return (
    <fieldset class="sureness">
      <legend class="note">{said.sure}</legend>
      <div class="segmented">
        {STEPS.map((step) => (
          <label key={step.name} class={value === step.value ? "chosen" : undefined}>
            <input type="checkbox" checked={value === step.value} onChange={() => give(value === step.value ? null : step.value)} />
            {said.sureness[step.name]}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function Digit({ labels, at }: { labels: string[]; at: number }) {
  const digit = digitOf(labels, at);
  return digit === null || digit === labels[at] ? null : <Kbd action={digit} />;
}
