// The editor of a policy: a form, or JSON over the same value; what the service says that it changes; then tried, watched or sent for approval.
import { useEffect, useState } from "preact/hooks";
import { act, Problem, type Json } from "../api";
import type { PolicyTrial as Trial } from "../api-types";
import { short } from "../format";
import { useLoad } from "../load";
import { text } from "../messages";
import { href } from "../router";
import { may } from "../session";
import { Failure } from "../ui/states";
import { Tabs } from "../ui/tabs";
import { PolicyChanges } from "./approval/policy";
import { WatchButtons } from "./policy-care";
import { bandOutOfOrder, parsed, refusalsByEntry, type Change } from "./policy-draft";
import { PolicyForm } from "./policy-form";
import { PolicyTrial } from "./policy-trial";
import { refusalsOf } from "./proposal";

/** How long nothing is typed before the service is asked what has changed. */
const SETTLED_MS = 300;

/** What is edited stays while another policy comes into force: it is compared with the newest one. */
export function PolicyEditor({ task, current, version }: { task: string; current: Json; version: string }) {
  const said = text.value.admin.policies;
  const [edited, setEdited] = useState<Json | null>(null);
  const [written, setWritten] = useState<string | null>(null);
  const [tab, setTab] = useState<"form" | "json">("form");
  const [result, setResult] = useState<Trial | null>(null);
  const [problem, setProblem] = useState("");
  const [sent, setSent] = useState("");
  const value = edited ?? current;
  const isReadable = written === null || parsed(written) !== null;
  const found = useChanges(task, edited, version);
  const refusals = refusalsByEntry(value, found.refused ? refusalsOf(found.refused) : []);
  const change = (how: Change) => {
    setEdited((now) => how(now ?? current));
    setWritten(null);
    setProblem("");
    setSent("");
  };
  const write = (entered: string) => {
    const read = parsed(entered);
    setWritten(entered);
    setProblem(read ? "" : said.badJson);
    setSent("");
    if (read) setEdited(read);
  };
  const discard = () => {
    setEdited(null);
    setWritten(null);
    setProblem("");
    setResult(null);
  };
  const checked = () => {
    setProblem(isReadable ? "" : said.badJson);
    return isReadable ? value : null;
  };
  /** Whether `work` was done. */
  const run = async (work: (policy: Json) => Promise<void>): Promise<boolean> => {
    const policy = checked();
    if (policy === null) return false;
    return work(policy).then(
      () => true,
      (error: Error) => {
        setProblem(error.message);
        return false;
      },
    );
  };
  const ask = (title: string) =>
    run(async (policy) => {
      const answer = await act("POST /v1/policies/{task}", { task }, { policy, title });
      discard();
      setSent(answer.approval_id);
    });
  return (
    <section class="panel">
      <p class="hint">{said.version(short(version))}</p>
      {sent ? (
        <p class="notice good" role="status">
          {said.sent}. <a href={href("approvals", [sent])}>{said.open}</a>
        </p>
      ) : null}
      <Tabs label={said.of(task)} tabs={text.value.policyForm.tabs} chosen={tab} choose={(next) => (isReadable ? setTab(next) : setProblem(said.badJson))}>
        {tab === "form" ? (
          <PolicyForm value={value} change={change} whys={(entry) => refusals.get(entry) ?? []} />
        ) : (
          <label>
            {said.of(task)}
            <textarea class="code" rows={18} spellcheck={false} value={written ?? JSON.stringify(value, null, 2)} onInput={(event) => write(event.currentTarget.value)} />
          </label>
        )}
      </Tabs>
      <Refused refusals={refusals} isForm={tab === "form"} isOrdered={bandOutOfOrder(value) === null} />
      {problem ? (
        <p class="problem" role="alert">
          {problem}
        </p>
      ) : null}
      {edited === null ? null : found.failed ? <Failure error={found.failed} again={found.reload} /> : found.changes && !found.refused && isReadable ? <PolicyChanges changes={found.changes} isOpen /> : null}
      <Sending task={task} isSendable={isReadable && found.isNow && (found.changes ?? []).length > 0} isEdited={edited !== null || written !== null} ask={ask} discard={discard} policy={checked} tryIt={() => void run(async (policy) => setResult(await act("POST /v1/policies/{task}/dry-run", { task }, { policy })))} />
      {result ? <PolicyTrial result={result} /> : null}
    </section>
  );
}

interface Found {
  changes: unknown[] | undefined;
  /** The service refuses the policy. */
  refused: Problem | null;
  /** The service could not be asked. */
  failed: Error | null;
  /** Whether the answer is about what is entered now. */
  isNow: boolean;
  reload: () => void;
}

/** What the service says that the policy changes in the one in force, whose version is `version`. */
function useChanges(task: string, edited: Json | null, version: string): Found {
  const entered = edited === null ? "" : JSON.stringify(edited);
  const [settled, setSettled] = useState(entered);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(entered), entered === "" ? 0 : SETTLED_MS);
    return () => clearTimeout(timer);
  }, [entered]);
  const asked = async () => (settled === "" ? null : { about: settled, ...(await act("POST /v1/policies/{task}/changes", { task }, { policy: JSON.parse(settled) as Json })) });
  const loaded = useLoad(asked, [settled, version], []);
  const { error, data } = loaded;
  const isRefused = error instanceof Problem && error.status === 422;
  return {
    changes: data?.changes,
    refused: isRefused && edited !== null ? error : null,
    failed: error && !isRefused ? error : null,
    isNow: !error && data?.about === entered && !loaded.isLoading,
    reload: loaded.reload,
  };
}

/** What is refused and stands at no field that is shown. */
function Refused({ refusals, isForm, isOrdered }: { refusals: Map<string, string[]>; isForm: boolean; isOrdered: boolean }) {
  const said = text.value.policyForm;
  if (refusals.size === 0) return null;
  const shown = [...refusals].filter(([entry]) => !isForm || (entry === "" && isOrdered));
  return (
    <div class="notice error" role="alert">
      <p>{isForm && shown.length === 0 ? said.refusedAtFields : said.refused}</p>
      {shown.flatMap(([entry, whys]) =>
        whys.map((why) => (
          <p key={entry + why} class="text">
            {entry ? `${entry.replaceAll("/", ".")}: ${why}` : why}
          </p>
        )),
      )}
    </div>
  );
}

interface SendingProps {
  task: string;
  isSendable: boolean;
  isEdited: boolean;
  /** Whether it was sent. */
  ask: (title: string) => Promise<boolean>;
  discard: () => void;
  tryIt: () => void;
  policy: () => Json | null;
}

function Sending({ task, isSendable, isEdited, ask, discard, tryIt, policy }: SendingProps) {
  const said = text.value.admin.policies;
  const [title, setTitle] = useState("");
  const [isAsking, setAsking] = useState(false);
  const isAllowed = may("propose_policies");
  const send = async () => {
    setAsking(true);
    if (await ask(title.trim())) setTitle("");
    setAsking(false);
  };
  return (
    <>
      {isAllowed ? (
        <label>
          {said.purpose} <input value={title} maxLength={200} onInput={(event) => setTitle(event.currentTarget.value)} />
        </label>
      ) : null}
      <p class="buttons">
        <button type="button" onClick={tryIt}>
          {said.tryIt}
        </button>
        {isAllowed ? (
          <>
            <button type="button" class="primary" disabled={!isSendable || isAsking || title.trim() === ""} onClick={() => void send()}>
              {said.ask}
            </button>
            <WatchButtons task={task} policy={policy} />
          </>
        ) : null}
        <button type="button" class="quiet" disabled={!isEdited} onClick={discard}>
          {text.value.tasks.guidelines.discard}
        </button>
      </p>
    </>
  );
}
