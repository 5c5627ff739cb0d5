// The answer to one case: a label first, then how sure, then a note.
import type { Problem } from "../api";
import type { Draft } from "../drafts";
import { percent } from "../format";
import { digitOf } from "../keys";
import { Action, Kbd } from "../ui/kbd";

interface AnswerProps {
  labels: string[];
  draft: Draft;
  enter: (some: Partial<Draft>) => void;
  choose: (label: string) => void;
  decide: () => void;
  ask: (what: "escalate" | "skip") => void;
  problem: Problem | null;
  isBusy: boolean;
}

export function AnswerForm({ labels, draft, enter, choose, decide, ask, problem, isBusy }: AnswerProps) {
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
      <fieldset>
        <legend>What is it?</legend>
        <div class="labels">
          {labels.map((label, at) => (
            <label key={label} class={draft.label === label ? "chosen" : undefined}>
              <input type="radio" name="label" value={label} checked={draft.label === label} onChange={() => choose(label)} />
              <span>{label}</span>
              <Digit labels={labels} at={at} />
            </label>
          ))}
        </div>
      </fieldset>
      <label>
        How sure are you? <output>{percent(draft.confidence, 0)}</output>
        <input type="range" min={0} max={100} step={5} value={Math.round(100 * draft.confidence)} onInput={(event) => enter({ confidence: Number(event.currentTarget.value) / 100 })} />
      </label>
      <label>
        Note <Kbd action="note" />
        <textarea id="note" maxLength={4000} value={draft.comment} onInput={(event) => enter({ comment: event.currentTarget.value })} />
      </label>
      <div class="buttons sticky">
        <Action action="submit" tone="primary" onClick={decide} disabled={isBusy || draft.label === ""}>
          Submit
        </Action>
        <Action action="escalate" onClick={() => ask("escalate")} disabled={isBusy}>
          Escalate
        </Action>
        <Action action="skip" onClick={() => ask("skip")} disabled={isBusy}>
          Skip
        </Action>
      </div>
    </form>
  );
}

function Digit({ labels, at }: { labels: string[]; at: number }) {
  const digit = digitOf(labels, at);
  return digit === null || digit === labels[at] ? null : <Kbd action={digit} />;
}
