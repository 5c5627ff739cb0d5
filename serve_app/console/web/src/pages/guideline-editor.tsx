// The guidelines of a task, edited by name; what changes stands below before its approval is asked for.
import { useId, useState } from "preact/hooks";
import { act } from "../api";
import type { DefinitionInForce, DefinitionProposal } from "../api-types";
import { storedLabelWords } from "../case/label-words";
import { figure } from "../format";
import { text } from "../messages";
import { Chip } from "../ui/chip";
import { Verbatim } from "../ui/verbatim";
import { GuidelineChanges } from "./guideline-changes";
import { changedNames, charsOf, edited, guidelinesOf, MOST_EXAMPLE, MOST_IN_ALL, MOST_LISTED, MOST_TEXT, NOTHING, problemOf, refusedName, withGuidelines, type Guideline, type Guidelines } from "./guideline-draft";
import { Proposed, refusalsOf, type Refusal } from "./proposal";

/** What is edited stays while another definition comes into force: it is compared with the newest one. */
export function GuidelineEditor({ task, found, reload }: { task: string; found: DefinitionInForce; reload: () => void }) {
  const said = text.value.tasks.guidelines;
  const [edits, setEdits] = useState<Guidelines>({});
  const [refusals, setRefusals] = useState<Refusal[]>([]);
  const [proposal, setProposal] = useState<DefinitionProposal | null>(null);
  const [isAsking, setAsking] = useState(false);
  const inForce = guidelinesOf(found.definition);
  const after = edited(inForce, edits);
  const changed = changedNames(inForce, after, found.guided);
  const chars = charsOf(after);
  const isRefused = chars > MOST_IN_ALL || found.guided.some((name) => problemOf(edits[name] ?? NOTHING) !== null);
  const change = (name: string, one: Guideline) => {
    setEdits({ ...edits, [name]: one });
    setRefusals([]);
    setProposal(null);
  };
  const ask = () => {
    setAsking(true);
    act("PUT /v1/tasks/{task}/definition", { task }, { ...withGuidelines(found.definition, after), task })
      .then((told) => {
        setProposal(told);
        setRefusals([]);
        setEdits({});
        reload();
      })
      .catch((error: unknown) => setRefusals(refusalsOf(error)))
      .finally(() => setAsking(false));
  };
  const ofName = (name: string) => refusals.find(({ pointer }) => refusedName(pointer, [name]) !== null)?.why ?? "";
  const others = refusals.filter(({ pointer }) => refusedName(pointer, found.guided) === null);
  return (
    <section aria-labelledby="guidelines-title">
      <h2 id="guidelines-title">{said.title}</h2>
      <p class="hint">{said.hint}</p>
      {found.guided.map((name) => (
        <One key={name} name={name} isChanged={changed.includes(name)} guideline={edits[name] ?? inForce[name] ?? NOTHING} refusal={ofName(name)} change={(one) => change(name, one)} />
      ))}
      {proposal ? <Proposed proposal={proposal} next={said.next} /> : null}
      {changed.length > 0 ? (
        <section class="panel" aria-label={said.changes}>
          <h2>{said.changes}</h2>
          <GuidelineChanges before={inForce} after={after} names={found.guided} />
          <p class={chars > MOST_IN_ALL ? "problem" : "hint"} role="status">
            {said.chars(figure(chars), figure(MOST_IN_ALL))}
          </p>
          {others.map(({ why }) => (
            <p key={why} class="problem" role="alert">
              {why}
            </p>
          ))}
          <p class="buttons">
            <button type="button" class="primary" disabled={isRefused || isAsking} onClick={ask}>
              {text.value.tasks.ask}
            </button>
            <button type="button" onClick={() => setEdits({})}>
              {said.discard}
            </button>
          </p>
          <p class="hint">{said.next}</p>
        </section>
      ) : null}
    </section>
  );
}

interface OneProps {
  name: string;
  isChanged: boolean;
  guideline: Guideline;
  refusal: string;
  change: (one: Guideline) => void;
}

function One({ name, isChanged, guideline, refusal, change }: OneProps) {
  const said = text.value.tasks.guidelines;
  const own = useId();
  const problem = problemOf(guideline);
  const told = refusal || (problem ? said.problems[problem] : "");
  const { examples } = guideline;
  const setExample = (at: number, entered: string) => change({ ...guideline, examples: examples.map((each, place) => (place === at ? entered : each)) });
  return (
    <details class="panel guided">
      <summary>
        <Verbatim>{storedLabelWords(name)}</Verbatim> {isChanged ? <Chip tone="info">{said.changed}</Chip> : guideline.text === "" ? <Chip>{said.none}</Chip> : null}
      </summary>
      <label>
        {said.text}
        <textarea rows={3} maxLength={MOST_TEXT} aria-invalid={told ? "true" : undefined} aria-describedby={told ? own : undefined} value={guideline.text} onInput={(event) => change({ ...guideline, text: event.currentTarget.value })} />
      </label>
      {examples.map((example, at) => (
        <div key={at} class="example">
          <label>
            {said.example(at + 1)}
            <textarea rows={2} maxLength={MOST_EXAMPLE} value={example} onInput={(event) => setExample(at, event.currentTarget.value)} />
          </label>
          <button type="button" class="quiet" onClick={() => change({ ...guideline, examples: examples.filter((_, place) => place !== at) })}>
            {said.remove(at + 1)}
          </button>
        </div>
      ))}
      <p>
        <button type="button" disabled={examples.length >= MOST_LISTED} onClick={() => change({ ...guideline, examples: [...examples, ""] })}>
          {said.add}
        </button>
      </p>
      <label>
        {said.cases}
        <input class="wide" value={guideline.cases.join(" ")} onChange={(event) => change({ ...guideline, cases: event.currentTarget.value.split(/[\s,]+/).filter((id) => id !== "").slice(0, MOST_LISTED) })} />
      </label>
      <p class="problem" id={own} role="alert">
        {told}
      </p>
    </details>
  );
}
