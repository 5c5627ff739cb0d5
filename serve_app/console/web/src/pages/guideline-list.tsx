// The guidelines of a task, to read.
import { storedLabelWords } from "../case/label-words";
import { text } from "../messages";
import { Verbatim } from "../ui/verbatim";
import { NOTHING, type Guidelines } from "./guideline-draft";

export function GuidelineList({ names, guidelines }: { names: string[]; guidelines: Guidelines }) {
  const said = text.value.tasks.guidelines;
  const shown = names.filter((name) => guidelines[name]);
  return (
    <section class="panel">
      <h2>{said.title}</h2>
      {shown.length === 0 ? <p class="hint">{said.noneAtAll}</p> : null}
      {shown.map((name) => {
        const { text: words, examples } = guidelines[name] ?? NOTHING;
        return (
          <section key={name}>
            <h3>
              <Verbatim>{storedLabelWords(name)}</Verbatim>
            </h3>
            <p class="text">
              <Verbatim>{words}</Verbatim>
            </p>
            {examples.length > 0 ? (
              <ul aria-label={`${text.value.review.guidelines.examples}: ${storedLabelWords(name)}`}>
                {examples.map((example, at) => (
                  <li key={at} class="text">
                    <Verbatim>{example}</Verbatim>
                  </li>
                ))}
              </ul>
            ) : null}
          </section>
        );
      })}
    </section>
  );
}
