// The answer to one case: a label first, then a note and how sure; the buttons stay in view.
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { Problem } from "../api";
import type { TaskForm } from "../api-types";
import { labelsInOrder, labelWords } from "../case/label-words";
import type { Draft } from "../drafts";
import { digitOf } from "../keys";
import { text } from "../messages";
import { Action, Kbd } from "../ui/kbd";
import { MentionText } from "../ui/mention-text";
import { type Declared, Fields } from "./answer-fields";

/** More labels than this are found by typing. */
const MANY = 9;
/** Labels of so few characters stand in narrow columns. */
const SHORT = 3;

interface AnswerProps {
  form: TaskForm;
  /** What was declared of the answer's fields, or the content that a correction begins with; null where nothing is shown. */
  declared: Declared;
  draft: Draft;
  enter: (some: Partial<Draft>) => void;
  /** Told the name of the field that gets the focus. */
  focus: (name: string) => void;
  /** `isDecided`: by a key of its own or a press, not by an arrow that moves through the labels. */
  choose: (label: string, isDecided: boolean) => void;
  decide: () => void;
  ask: (what: "escalate" | "skip") => void;
  mayEscalate: boolean;
  problem: Problem | null;
  isBusy: boolean;
  /** Who can be named in the note. */
  people: (prefix: string) => Promise<string[]>;
  status: ComponentChildren;
  /** What helps to choose, above the labels. */
  guide: ComponentChildren;
  children: ComponentChildren;
}

export function AnswerForm({ form, declared, draft, enter, focus, choose, decide, ask, mayEscalate, problem, isBusy, people, status, guide, children }: AnswerProps) {
  const said = text.value.review;
  const { fields } = form;
  const question = form.description || said.question;
  const beside = form.answer.beside[draft.label];
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
      {guide}
      {fields === null ? null : <Fields question={question} fields={fields} declared={declared} entered={draft.value} enter={(value) => enter({ value, label: "" })} focus={focus} />}
      <Labels question={fields === null ? question : said.otherwise} form={form} chosen={draft.label} choose={choose} />
      {beside ? <Fields question={said.beside} fields={beside} declared={declared} entered={draft.value} enter={(value) => enter({ value })} /> : null}
      <Sureness value={draft.confidence} give={(confidence) => enter({ confidence })} />
      <label for="note">
        {said.note} <Kbd action="note" />
      </label>
      <MentionText id="note" maxLength={4000} value={draft.comment} enter={(comment) => enter({ comment })} people={people} />
      {children}
      <div class="actions">
        <div class="buttons">
          <Action action="submit" tone="primary" onClick={decide} disabled={isBusy || (draft.label === "" && fields === null)}>
            {said.submit}
          </Action>
          <Action action="skip" onClick={() => ask("skip")} disabled={isBusy}>
            {said.skip}
          </Action>
          {mayEscalate ? (
            <Action action="escalate" onClick={() => ask("escalate")} disabled={isBusy}>
              {said.escalate}
            </Action>
          ) : null}
        </div>
        {status}
      </div>
    </form>
  );
}

interface LabelsProps {
  question: string;
  form: TaskForm;
  chosen: string;
  choose: (label: string, isDecided: boolean) => void;
}

function Labels({ question, form, chosen, choose }: LabelsProps) {
  const [search, setSearch] = useState("");
  const said = text.value.review;
  const { low, high } = form.answer;
  const labels = form.fields === null ? labelsInOrder(form) : [];
  if (labels.length === 0 && form.none_answer === null) return null;
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
      <div class={`labels ${form.answer.kind === "scale" ? "scale" : labels.every((label) => labelWords(form, label).length <= SHORT) ? "" : "words"}`}>
        {shown.map((label) => (
          <Choice key={label} value={label} words={labelWords(form, label)} chosen={chosen} choose={choose}>
            <Digit labels={labels} at={labels.indexOf(label)} />
          </Choice>
        ))}
        {form.none_answer === null ? null : (
          <Choice value={form.none_answer} words={said.noneOfThese} isNone chosen={chosen} choose={choose}>
            <Kbd action="none" />
          </Choice>
        )}
      </div>
      {low || high ? (
        <p class="note ends">
          <span>{low ? `${labels[0]}: ${low}` : ""}</span>
          <span>{high ? `${labels.at(-1)}: ${high}` : ""}</span>
        </p>
      ) : null}
      {form.answer.within ? <p class="note">{said.within(form.answer.within)}</p> : null}
    </fieldset>
  );
}

interface ChoiceProps {
  value: string;
  words: string;
  isNone?: boolean;
  chosen: string;
  choose: (label: string, isDecided: boolean) => void;
  children: ComponentChildren;
}

function Choice({ value, words, isNone = false, chosen, choose, children }: ChoiceProps) {
  return (
    <label class={`${isNone ? "none" : ""} ${chosen === value ? "chosen" : ""}`}>
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
