// A new task from an example file: fields, labels, the model's part and the risk, looked at before its approval is asked for.
import { useEffect, useMemo, useState } from "preact/hooks";
import { act, read } from "../api";
import type { DefinitionProposal } from "../api-types";
import { figure, percent } from "../format";
import { useLoad } from "../load";
import { text } from "../messages";
import { may } from "../session";
import { PageHead } from "../ui/page-head";
import { Shown } from "../ui/states";
import { Table } from "../ui/table";
import { Verbatim } from "../ui/verbatim";
import { Proposed, refusalsOf, type Refusal } from "./proposal";
import { columnsOf, draftOf, entryOf, isProblem, taskBody, taskFile, type Column, type DraftField, type DraftProblem, type Entry, type TaskDraft } from "./task-draft";

const NAME = /^[a-z][a-z0-9_-]*$/;
const USUAL_RISK = "5";

function wordsOf({ problem, what }: DraftProblem): string {
  const said = text.value.care.newTask.problems;
  if (problem === "labels") return said.labels(Number(what));
  return problem === "text" ? said.text(what) : said[problem];
}

export function NewTask() {
  const said = text.value.care.newTask;
  const [file, setFile] = useState<{ name: string; columns: Column[] } | null>(null);
  const [problem, setProblem] = useState("");
  const known = useLoad(() => read("/v1/models"), [], ["approvals"]);
  const take = async (chosen: File | undefined) => {
    if (!chosen) return;
    const found = columnsOf(await chosen.text());
    setProblem(isProblem(found) ? wordsOf(found) : "");
    setFile(isProblem(found) ? null : { name: chosen.name, columns: found });
  };
  return (
    <>
      <PageHead title={said.title} />
      <section class="panel">
        <p class="hint">{said.hint}</p>
        <label>
          {said.file}
          <input type="file" accept=".csv,text/csv" onChange={(event) => void take(event.currentTarget.files?.[0])} />
        </label>
        <p class="problem" role="alert">
          {problem}
        </p>
      </section>
      {file ? <Shown loaded={known}>{({ tasks }) => <Wishes key={file.name} file={file.name} columns={file.columns} taken={tasks.map(({ task }) => task)} />}</Shown> : null}
    </>
  );
}

function Wishes({ file, columns, taken }: { file: string; columns: Column[]; taken: string[] }) {
  const said = text.value.care.newTask;
  const names = columns.map((column) => column.name);
  const [name, setName] = useState(file.replace(/\.csv$/i, "").toLowerCase().replace(/[^a-z0-9_-]+/g, "_"));
  const [question, setQuestion] = useState("");
  const [label, setLabel] = useState(names.includes("label") ? "label" : (names.at(-1) ?? ""));
  const [risk, setRisk] = useState(USUAL_RISK);
  const [isUncertified, setUncertified] = useState(false);
  const [refusals, setRefusals] = useState<Refusal[]>([]);
  const draft = useMemo(() => draftOf(columns, label), [columns, label]);
  const wish = { name, question: question || said.question, label, risk: isUncertified ? null : Number(risk) / 100, file };
  const isNamed = NAME.test(name) && !taken.includes(name);
  const at = (entry: Entry) => refusals.filter(({ pointer }) => entryOf(pointer) === entry).map(({ why }) => why);
  return (
    <>
      <section class="panel">
        <label>
          {said.name} <input value={name} aria-describedby="name-hint" aria-invalid={isNamed ? undefined : "true"} onInput={(event) => setName(event.currentTarget.value)} />
        </label>
        <p class={isNamed ? "hint" : "problem"} id="name-hint">
          {taken.includes(name) ? said.problems.taken : NAME.test(name) ? said.nameHint : said.problems.name}
        </p>
        <Refused whys={at("name")} />
        <label>
          {said.question} <input class="wide" maxLength={500} value={question} onInput={(event) => setQuestion(event.currentTarget.value)} />
        </label>
        <Refused whys={at("question")} />
        <label>
          {said.label}
          <select value={label} onChange={(event) => setLabel(event.currentTarget.value)}>
            {names.map((each) => (
              <option key={each} value={each}>
                {each}
              </option>
            ))}
          </select>
        </label>
        <Refused whys={at("label")} />
        <label>
          {said.risk} <input type="number" min={0.1} max={50} step={0.1} disabled={isUncertified} value={risk} onInput={(event) => setRisk(event.currentTarget.value)} />
        </label>
        <Refused whys={at("risk")} />
        <label class="tick">
          <input type="checkbox" checked={isUncertified} onChange={(event) => setUncertified(event.currentTarget.checked)} /> {said.uncertified}
        </label>
      </section>
      {isProblem(draft) ? (
        <p class="notice error" role="alert">
          {wordsOf(draft)}
        </p>
      ) : (
        <>
          <Found draft={draft} />
          <Refused whys={at("file")} />
          {isNamed ? (
            <>
              <Written name={name} content={taskFile(draft, wish)} />
              <AskForIt key={JSON.stringify(wish)} body={taskBody(draft, wish)} file={file} refuse={setRefusals} others={refusals.filter(({ pointer }) => entryOf(pointer) === null).map(({ why }) => why)} />
            </>
          ) : null}
        </>
      )}
    </>
  );
}

/** What the service refused, beside the entry that it is about. */
function Refused({ whys }: { whys: string[] }) {
  return (
    <>
      {whys.map((why) => (
        <p key={why} class="problem" role="alert">
          {why}
        </p>
      ))}
    </>
  );
}

interface AskProps {
  body: { task: string } & Record<string, unknown>;
  file: string;
  refuse: (refusals: Refusal[]) => void;
  /** Refusals that are about no entry. */
  others: string[];
}

/** Asks for the approval of what is drafted, and says what comes of it. */
function AskForIt({ body, file, refuse, others }: AskProps) {
  const said = text.value.care.newTask;
  const [proposal, setProposal] = useState<DefinitionProposal | null>(null);
  const [isAsking, setAsking] = useState(false);
  useEffect(() => refuse([]), []);
  const ask = () => {
    setAsking(true);
    act("PUT /v1/tasks/{task}/definition", { task: body.task }, body)
      .then((told) => {
        setProposal(told);
        refuse([]);
      })
      .catch((error: unknown) => refuse(refusalsOf(error)))
      .finally(() => setAsking(false));
  };
  if (!may("propose_definitions")) return <p class="hint">{said.byOperator}</p>;
  if (proposal) return <Proposed proposal={proposal} next={said.steps(file).slice(1).join(" ")} />;
  return (
    <section class="panel">
      <h2>{said.ask}</h2>
      <ol>
        {said.steps(file).map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      <Refused whys={others} />
      <button type="button" class="primary" disabled={isAsking} onClick={ask}>
        {text.value.tasks.ask}
      </button>
    </section>
  );
}

function Found({ draft }: { draft: TaskDraft }) {
  const said = text.value.care.newTask;
  const [most = ["", 0]] = draft.labels;
  return (
    <>
      <Table
        caption={said.found}
        rows={draft.fields}
        rowKey={(field) => field.name}
        columns={[
          { title: said.column, show: (field) => <Verbatim>{field.name}</Verbatim> },
          { title: said.kind, show: (field) => said[field.kind] },
          { title: said.range, show: (field) => <Verbatim>{rangeOf(field)}</Verbatim>, isLong: true },
        ]}
      />
      <p>
        {said.labels}: <Verbatim>{draft.labels.map(([label, count]) => `${label} (${figure(count)})`).join(", ")}</Verbatim>
      </p>
      <p class="hint">{said.dry(said.most(most[0], percent(most[1] / draft.rows)), figure(draft.rows))}</p>
    </>
  );
}

function rangeOf(field: DraftField): string {
  if (field.kind === "number") return `${field.min} – ${field.max}`;
  return field.kind === "choice" ? field.values.join(" · ") : `≤ ${field.maxChars}`;
}

function Written({ name, content }: { name: string; content: string }) {
  const said = text.value.care.newTask;
  const save = () => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([content], { type: "application/yaml" }));
    link.download = `${name}.yaml`;
    link.click();
    URL.revokeObjectURL(link.href);
  };
  return (
    <section class="panel">
      <h2>{said.draft}</h2>
      <pre class="raw" aria-label={said.draft} tabIndex={0}>
        <Verbatim>{content}</Verbatim>
      </pre>
      <p class="buttons">
        <button type="button" onClick={save}>
          {said.download}
        </button>
        <span class="hint">
          {said.next} <code>hitl tasks check {name}.yaml</code>
        </span>
      </p>
    </section>
  );
}
