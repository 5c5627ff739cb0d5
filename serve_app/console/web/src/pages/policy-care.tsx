// Beside the editor of a policy: let a changed one watch, stop automation of a segment, return to an earlier policy.
import { useState } from "preact/hooks";
import { act, read } from "../api";
import { text } from "../messages";
import { may } from "../session";
import { Ask } from "../ui/ask";
import { perform } from "../ui/perform";

const WHOLE = "all";

export function WatchButtons({ task, policy }: { task: string; policy: () => Record<string, unknown> | null }) {
  const said = text.value.care.policies;
  if (!may("steer_policies")) return null;
  const watch = (watching: Record<string, unknown> | null, done: string) => perform(act("POST /v1/policies/{task}/shadow", { task }, { policy: watching }), done, () => undefined);
  const begin = () => {
    const entered = policy();
    if (entered) watch(entered, said.watching);
  };
  return (
    <>
      <button type="button" title={said.watchHint} onClick={begin}>
        {said.watch}
      </button>
      <button type="button" class="quiet" onClick={() => watch(null, said.unwatched)}>
        {said.unwatch}
      </button>
    </>
  );
}

export function StopAutomation({ task, reload }: { task: string; reload: () => void }) {
  const said = text.value.care.policies;
  const [segment, setSegment] = useState(WHOLE);
  const [isAsking, setAsking] = useState(false);
  if (!may("steer_policies")) return null;
  const stop = (reason: string) => {
    setAsking(false);
    perform(act("POST /v1/policies/{task}/stop", { task }, { segment, reason }), said.stopped(segment), reload);
  };
  return (
    <p class="filters">
      <label>
        {said.stopSegment} <input value={segment} onInput={(event) => setSegment(event.currentTarget.value.trim())} />
      </label>
      <button type="button" class="danger" disabled={segment === ""} onClick={() => setAsking(true)}>
        {said.stop}
      </button>
      {isAsking ? <Ask title={`${said.stop}: ${task}, ${segment}`} label={said.stopWhy} button={said.stop} run={stop} close={() => setAsking(false)} /> : null}
    </p>
  );
}

/** The digest of what was voted on; null: the policy of the task's file, which nobody voted on. */
async function digestOf(approvalId: string | null): Promise<string | null> {
  return approvalId === null ? null : (await read("/v1/approvals/{approval_id}", { approval_id: approvalId })).approval.digest;
}

export function Revert({ task, approvalId, generation, reload }: { task: string; approvalId: string | null; generation: number; reload: () => void }) {
  const said = text.value.care.policies;
  const [isAsking, setAsking] = useState(false);
  const name = approvalId === null ? said.revertFile : said.revertOf(generation);
  if (!may("steer_policies")) return null;
  const revert = (reason: string) => {
    setAsking(false);
    perform(digestOf(approvalId).then((digest) => act("POST /v1/policies/{task}/revert", { task }, { digest, reason })), said.reverted, reload);
  };
  return (
    <>
      <button type="button" class="quiet" aria-label={name} onClick={() => setAsking(true)}>
        {approvalId === null ? said.revertFile : said.revert}
      </button>
      {isAsking ? <Ask title={name} label={text.value.care.reason} button={said.revert} run={revert} close={() => setAsking(false)} /> : null}
    </>
  );
}
