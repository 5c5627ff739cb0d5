// The rounds of an iterative refinement: which one this is, and what each one changed, word by word.
import { useState } from "preact/hooks";
import { figure, moment } from "../format";
import { useKeys } from "../keys";
import { text } from "../messages";
import { listAt, numberAt, textAt, at as partAt } from "./approval/evidence";
import { textOf, WordDiff } from "../ui/word-diff";

export function Rounds({ details, first }: { details: Record<string, unknown>; first: unknown }) {
  const [isShown, setShown] = useState(true);
  useKeys({ diff: () => setShown(!isShown) });
  const said = text.value.review.rounds;
  const history = listAt(details, "refinement_history");
  const texts = [textOf(first), ...history.map((round) => textOf(partAt(round, "refined_result")))];
  return (
    <section>
      <h2>
        {said.title(figure(numberAt(details, "iteration")), figure(numberAt(details, "max_iterations")))}
      </h2>
      <ol class="steps">
        {history.map((round, at) => (
          <li key={at}>
            {textAt(round, "refined_by")}, {moment(numberAt(round, "at"))}
            {textAt(round, "refinement_notes") ? `: ${textAt(round, "refinement_notes")}` : ""}
            {isShown ? <WordDiff before={texts[at] ?? ""} after={texts[at + 1] ?? ""} label={said.changed(at + 1)} /> : null}
          </li>
        ))}
        <li aria-current="step">{said.current}</li>
      </ol>
      {history.length > 0 ? (
        <button type="button" class="quiet" onClick={() => setShown(!isShown)}>
          {isShown ? said.hide : said.show} <kbd>D</kbd>
        </button>
      ) : null}
    </section>
  );
}
