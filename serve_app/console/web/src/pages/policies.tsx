// The policy of each task: what is in force, a proposed one tried on past cases first, then sent for approval.
import { useState } from "preact/hooks";
import { act } from "../api";
import type { PolicyChange, PolicyTrial as Trial } from "../api-types";
import { read } from "../api";
import { moment, sentence, short } from "../format";
import { useLoad } from "../load";
import { text } from "../messages";
import { href } from "../router";
import { may } from "../session";
import { PageHead } from "../ui/page-head";
import { Shown } from "../ui/states";
import { Table } from "../ui/table";
import { TaskPicker } from "../ui/task-picker";
import { Revert, StopAutomation, WatchButtons } from "./policy-care";
import { PolicyTrial } from "./policy-trial";

export function Policies() {
  return (
    <>
      <PageHead title={text.value.admin.policies.title} />
      <TaskPicker page="policies">{(task) => <Policy key={task} task={task} />}</TaskPicker>
    </>
  );
}

function Policy({ task }: { task: string }) {
  const loaded = useLoad(() => read("/v1/policies/{task}", { task }), [task], ["approvals"]);
  const history = useLoad(() => read("/v1/policies/{task}/history", { task }), [task], ["approvals"]);
  const said = text.value.admin;
  const reload = () => {
    loaded.reload();
    history.reload();
  };
  return (
    <>
      <Shown loaded={loaded}>{(found) => <Editor key={found.version} task={task} current={found.policy} version={found.version} />}</Shown>
      <StopAutomation task={task} reload={loaded.reload} />
      <Shown loaded={history}>
        {(found) => (
          <>
            <Table
              caption={said.policies.history}
              rows={[...found.history].reverse()}
              columns={[
                { title: said.models.deployment, show: (row) => `#${row.generation}`, isNumber: true },
                { title: said.models.since, show: (row) => moment(row.since) },
                { title: said.models.reason, show: (row) => row.reason ?? sentence(row.cause ?? "–") },
                { title: said.models.by, show: (row) => row.operator ?? said.models.quorum },
                { title: said.models.approval, show: (row) => (row.approval_id ? <a href={href("approvals", [row.approval_id])}>{row.approval_id}</a> : "–") },
                { title: text.value.care.policies.revert, show: (row) => (canReturn(row, found.history) ? <Revert task={task} approvalId={row.approval_id} generation={row.generation} reload={reload} /> : null) },
              ]}
            />
            {(found.history.at(-1)?.policy ?? null) === null ? null : <Revert task={task} approvalId={null} generation={0} reload={reload} />}
          </>
        )}
      </Shown>
    </>
  );
}

/** One that was adopted by votes and does not route now. */
function canReturn(row: PolicyChange, history: PolicyChange[]): boolean {
  const isSame = JSON.stringify(row.policy) === JSON.stringify(history.at(-1)?.policy);
  return !isSame && row.approval_id !== null;
}

type Free = Record<string, unknown>;

function parsed(said: string): Free | null {
  try {
    return JSON.parse(said) as Free;
  } catch {
    return null;
  }
}

function Editor({ task, current, version }: { task: string; current: Free; version: string }) {
  const before = JSON.stringify(current, null, 2);
  const said = text.value.admin.policies;
  const [entered, setEntered] = useState(before);
  const [result, setResult] = useState<Trial | null>(null);
  const [problem, setProblem] = useState("");
  const [title, setTitle] = useState("");
  const [sent, setSent] = useState("");
  const withPolicy = (run: (policy: Free) => Promise<void>) => {
    const policy = parsed(entered);
    setProblem(policy ? "" : said.badJson);
    if (policy) run(policy).catch((error: Error) => setProblem(error.message));
  };
  const checked = () => {
    const policy = parsed(entered);
    setProblem(policy ? "" : said.badJson);
    return policy;
  };
  const tryIt = () => withPolicy(async (policy) => setResult(await act("POST /v1/policies/{task}/dry-run", { task }, { policy })));
  const ask = () =>
    withPolicy(async (policy) => {
      const answer = await act("POST /v1/policies/{task}", { task }, { policy, title: title.trim() });
      setSent(answer.approval_id);
      setTitle("");
      setEntered(before);
      setResult(null);
    });
  return (
    <section class="panel">
      <p class="hint">{said.version(short(version))}</p>
      {sent ? (
        <p class="notice good" role="status">
          {said.sent}. <a href={href("approvals", [sent])}>{said.open}</a>
        </p>
      ) : null}
      <label>
        {said.of(task)}
        <textarea class="code" rows={14} spellcheck={false} value={entered} onInput={(event) => setEntered(event.currentTarget.value)} />
      </label>
      {problem ? (
        <p class="problem" role="alert">
          {problem}
        </p>
      ) : null}
      <Difference before={before} after={entered} />
      {may("propose_policies") ? (
        <>
          <label>
            {said.purpose} <input value={title} maxLength={200} onInput={(event) => setTitle(event.currentTarget.value)} />
          </label>
          <p class="buttons">
            <button type="button" onClick={tryIt}>
              {said.tryIt}
            </button>
            <button type="button" class="primary" disabled={entered === before || title.trim() === ""} onClick={ask}>
              {said.ask}
            </button>
            <WatchButtons task={task} policy={checked} />
          </p>
        </>
      ) : (
        <button type="button" onClick={tryIt}>
          {said.tryIt}
        </button>
      )}
      {result ? <PolicyTrial result={result} /> : null}
    </section>
  );
}

function Difference({ before, after }: { before: string; after: string }) {
  const old = new Set(before.split("\n"));
  const added = after.split("\n").filter((line) => !old.has(line));
  const fresh = new Set(after.split("\n"));
  const removed = before.split("\n").filter((line) => !fresh.has(line));
  if (added.length + removed.length === 0) return null;
  return (
    <pre class="diff" aria-label={text.value.admin.policies.changes} tabIndex={0}>
      {removed.map((line) => (
        <del key={line}>{`- ${line}\n`}</del>
      ))}
      {added.map((line) => (
        <ins key={line}>{`+ ${line}\n`}</ins>
      ))}
    </pre>
  );
}
