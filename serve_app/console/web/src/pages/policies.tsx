// The policy of each task: what is in force, a proposed one tried on past cases first, then sent for approval.
import { useState } from "preact/hooks";
import { get, post, type Json } from "../api";
import { useLoad } from "../load";
import { tell } from "../toast";
import { Shown } from "../ui/states";
import { PolicyTrial } from "./policy-trial";

export function Policies() {
  const loaded = useLoad(() => get<{ tasks: Json[] }>("/v1/models"));
  return (
    <section>
      <h2>Policies</h2>
      <Shown loaded={loaded}>{({ tasks }) => <>{tasks.map((task) => <Policy key={task.task} task={String(task.task)} />)}</>}</Shown>
    </section>
  );
}

function Policy({ task }: { task: string }) {
  const loaded = useLoad(() => get<Json>(`/v1/policies/${encodeURIComponent(task)}`), [task]);
  return (
    <details>
      <summary>{task}</summary>
      <Shown loaded={loaded}>{(found) => <Editor task={task} current={found.policy ?? found} version={String(found.version ?? "")} />}</Shown>
    </details>
  );
}

function Editor({ task, current, version }: { task: string; current: Json; version: string }) {
  const before = JSON.stringify(current, null, 2);
  const [text, setText] = useState(before);
  const [result, setResult] = useState<Json | null>(null);
  const [problem, setProblem] = useState("");
  const [title, setTitle] = useState("");
  const attempt = (path: string, after: (answer: Json) => void, more: Json = {}) => {
    setProblem("");
    let policy: Json;
    try {
      policy = JSON.parse(text) as Json;
    } catch {
      setProblem("This is not JSON yet.");
      return;
    }
    post<Json>(`/v1/policies/${encodeURIComponent(task)}${path}`, { policy, ...more }).then(after, (error: Error) => setProblem(error.message));
  };
  return (
    <>
      <p>Version {version.slice(0, 12)}</p>
      <label>
        Policy of {task}
        <textarea class="code" rows={12} value={text} onInput={(event) => setText(event.currentTarget.value)} />
      </label>
      {problem ? (
        <p class="problem" role="alert">
          {problem}
        </p>
      ) : null}
      <label>
        What the change is for <input value={title} maxLength={200} onInput={(event) => setTitle(event.currentTarget.value)} />
      </label>
      <Difference before={before} after={text} />
      <p class="buttons">
        <button type="button" onClick={() => attempt("/dry-run", setResult)}>
          Try on past cases
        </button>
        <button type="button" class="primary" disabled={text === before || title.trim() === ""} onClick={() => attempt("", () => tell("Sent for approval"), { title: title.trim() })}>
          Ask for approval
        </button>
      </p>
      {result ? <PolicyTrial result={result} /> : null}
    </>
  );
}

function Difference({ before, after }: { before: string; after: string }) {
  const old = new Set(before.split("\n"));
  const added = after.split("\n").filter((line) => !old.has(line));
  const fresh = new Set(after.split("\n"));
  const removed = before.split("\n").filter((line) => !fresh.has(line));
  if (added.length + removed.length === 0) return null;
  return (
    <pre class="diff" aria-label="what changes" tabIndex={0}>
      {removed.map((line) => `- ${line}\n`)}
      {added.map((line) => `+ ${line}\n`)}
    </pre>
  );
}
