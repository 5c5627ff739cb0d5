// What differs between two sets of guidelines: the words, the examples and the cases of each name that changed.
import { storedLabelWords } from "../case/label-words";
import { text } from "../messages";
import { href } from "../router";
import { Id } from "../ui/id";
import { Verbatim } from "../ui/verbatim";
import { WordDiff } from "../ui/word-diff";
import { changedNames, NOTHING, type Guidelines } from "./guideline-draft";

export function GuidelineChanges({ before, after, names = [] }: { before: Guidelines; after: Guidelines; names?: string[] }) {
  const said = text.value.tasks.guidelines;
  const changed = changedNames(before, after, names);
  if (changed.length === 0) return <p class="hint">{said.noChanges}</p>;
  return (
    <>
      {changed.map((name) => {
        const [was, becomes] = [before[name] ?? NOTHING, after[name] ?? NOTHING];
        const title = storedLabelWords(name);
        return (
          <section key={name} class="change">
            <h3>
              <Verbatim>{title}</Verbatim>
            </h3>
            <WordDiff before={was.text} after={becomes.text} label={said.changesOf(title)} />
            <Listed title={text.value.review.guidelines.examples} before={was.examples} after={becomes.examples} show={(one) => <Verbatim>{one}</Verbatim>} />
            <Listed title={text.value.review.guidelines.cases} before={was.cases} after={becomes.cases} show={(one) => <Id id={one} link={href("cases", [one])} />} />
          </section>
        );
      })}
    </>
  );
}

/** What left a list and what came to it; nothing where it stays as it is. */
function Listed({ title, before, after, show }: { title: string; before: string[]; after: string[]; show: (one: string) => preact.ComponentChildren }) {
  const gone = before.filter((each) => !after.includes(each));
  const come = after.filter((each) => !before.includes(each));
  if (gone.length + come.length === 0) return null;
  return (
    <ul aria-label={title}>
      {gone.map((each) => (
        <li key={`-${each}`} class="text">
          <del>{show(each)}</del>
        </li>
      ))}
      {come.map((each) => (
        <li key={`+${each}`} class="text">
          <ins>{show(each)}</ins>
        </li>
      ))}
    </ul>
  );
}
