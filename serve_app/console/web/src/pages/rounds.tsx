// The rounds of an iterative refinement: which one this is, and what each one changed, word by word.
import type { Json } from "../api";
import { useState } from "preact/hooks";
import { moment } from "../format";
import { useKeys } from "../keys";
import { textOf, WordDiff } from "../ui/word-diff";

export function Rounds({ details, first }: { details: Json; first: unknown }) {
  const [isShown, setShown] = useState(true);
  useKeys({ diff: () => setShown(!isShown) });
  const history = (details.refinement_history ?? []) as Json[];
  const texts = [textOf(first), ...history.map((round) => textOf(round.refined_result))];
  return (
    <section>
      <h2>
        Round {details.iteration} of at most {details.max_iterations}
      </h2>
      <ol class="steps">
        {history.map((round, at) => (
          <li key={at}>
            {round.refined_by}, {moment(round.at)}
            {round.refinement_notes ? `: ${round.refinement_notes}` : ""}
            {isShown ? <WordDiff before={texts[at] ?? ""} after={texts[at + 1] ?? ""} label={`what round ${at + 1} changed`} /> : null}
          </li>
        ))}
        <li aria-current="step">this round</li>
      </ol>
      {history.length > 0 ? (
        <button type="button" class="quiet" onClick={() => setShown(!isShown)}>
          {isShown ? "Hide" : "Show"} what changed <kbd>D</kbd>
        </button>
      ) : null}
    </section>
  );
}
