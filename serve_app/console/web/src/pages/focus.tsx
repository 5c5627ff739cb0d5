// One case at a time: the case, the answer, and why it is here. The next one is leased already when this one is sent.
import { useSignal } from "@preact/signals";
import { useEffect, useMemo, useState } from "preact/hooks";
import { Offline, post, Problem, type Json } from "../api";
import { CaseView, isMasked } from "../case/view";
import { Suggestion, Why } from "../case/why";
import { BLANK, dropDraft, keepDraft, readDraft, type Draft } from "../drafts";
import { digitOf, useKeys } from "../keys";
import { link, refreshed, withdrawn } from "../live/live";
import { follow } from "../live/queue";
import { href } from "../router";
import { who } from "../session";
import { settings } from "../settings";
import { tell } from "../toast";
import { Ask } from "../ui/ask";
import { Failure, Loading } from "../ui/states";
import { AnswerForm } from "./answer-form";
import { Claims, type Claimed } from "./claims";
import { Nothing } from "./empty-queue";
import { FocusHead } from "./focus-head";
import { LostLease } from "./lost-lease";
import { Reveal } from "./reveal";

export function Focus({ queue }: { queue: string }) {
  const claims = useMemo(() => new Claims(queue), [queue]);
  useEffect(() => {
    void claims.fill();
    const leave = follow(queue);
    const stop = refreshed.subscribe(() => {
      if (claims.held.value.length === 0) void claims.fill();
    });
    return () => {
      stop();
      leave();
      void claims.leave();
    };
  }, [claims]);
  useKeys({ undo: () => lastUndo?.() });
  const current = claims.held.value[0];
  return (
    <>
      <p class="crumbs">
        <a href={href("reviews")}>Reviews</a> / {queue} · <a href={href("reviews", [queue, "list"])}>list</a>
      </p>
      {claims.failure.value ? <Failure error={claims.failure.value} again={() => void claims.fill()} /> : null}
      {current ? <Case key={current.review.review_id} claims={claims} claimed={current} /> : claims.state.value === "empty" ? <Nothing queue={queue} row={claims.why.value} /> : <Loading rows={6} />}
    </>
  );
}

function Case({ claims, claimed }: { claims: Claims; claimed: Claimed }) {
  const { review } = claimed;
  const form = review.form;
  const draft = useSignal<Draft>(useMemo(() => readDraft(review.review_id, review.drafts?.[who.value?.id ?? ""]), []));
  const [problem, setProblem] = useState<Problem | null>(null);
  const [lost, setLost] = useState<Error | null>(null);
  const [asks, setAsks] = useState<"escalate" | "skip" | null>(null);
  const [isModelShown, setModelShown] = useState(true);
  const [clear, setClear] = useState<Json | null>(null);
  const isSending = useSignal(false);

  const enter = (some: Partial<Draft>) => {
    if (isSending.value) return;
    draft.value = { ...draft.value, ...some };
    keepDraft(review.review_id, draft.value);
    setProblem(null);
  };
  useSaved(review, draft.value);
  const refuse = (error: Error) => {
    if (error instanceof Problem && (error.status === 409 || error.status === 404)) setLost(error);
    else if (error instanceof Problem && error.status === 422) setProblem(error);
    else tell(error.message, error instanceof Offline ? "warning" : "error");
  };
  const done = (text: string, undo?: { run: () => void; leftMs: number }) => {
    dropDraft(review.review_id);
    tell(text, "done", undo ? { label: "Undo (Z)", run: undo.run } : undefined, undo?.leftMs ?? 4_000);
    claims.drop(review.review_id);
  };
  const act = async (path: string, body: object, after: (answer: Record<string, unknown>) => void) => {
    if (isSending.value) return;
    isSending.value = true;
    try {
      after(await post(`/v1/reviews/${review.review_id}/${path}`, { lease: review.lease.id, ...body }));
    } catch (error) {
      isSending.value = false;
      refuse(error as Error);
    }
  };
  const decide = () => {
    const { label, confidence, comment } = draft.value;
    if (label === "") return void tell("Choose a label first", "warning");
    if (link.value === "offline") return void tell("Offline: nothing was sent. Your answer is kept.", "warning");
    return void act("decision", { label, confidence, comment }, (answer) => {
      const leftMs = answer.status === "provisional" ? 1000 * (Number(answer.final_at) - Number(answer.decided_at)) : 0;
      done(`Answered ${label}`, leftMs > 0 ? { run: rememberUndo(claims, claimed, label), leftMs } : undefined);
    });
  };
  const choose = (label: string) => {
    enter({ label });
    if (settings.value.oneKeySubmit) decide();
  };
  const extend = () => void claims.extend(claimed).catch(refuse);
  useKeys({
    ...Object.fromEntries(form.labels.map((label: string, at: number) => [digitOf(form.labels, at) ?? "", () => choose(label)])),
    submit: decide,
    escalate: () => setAsks("escalate"),
    skip: () => setAsks("skip"),
    extend,
    next: () => claims.turn(),
    previous: () => claims.turn(),
    model: () => setModelShown(!isModelShown),
    note: () => document.getElementById("note")?.focus(),
  });
  const isGone = withdrawn.value.has(review.review_id);
  return (
    <article aria-label={`Case ${review.case_id}`}>
      <FocusHead claimed={claimed} ahead={claims.held.value.length - 1} extend={extend} onEnd={() => setLost(new Error("The lease has run out."))} />
      <div class="focus">
        <section class="case">
          <h2>{form.title}</h2>
          <p>{form.description}</p>
          <CaseView input={form.input} payload={(clear as typeof review.payload) ?? review.payload} />
          {isMasked(review.payload) ? <Reveal path={`/v1/cases/${review.case_id}/reveal`} show={setClear} hide={() => setClear(null)} isShown={clear !== null} /> : null}
        </section>
        <AnswerForm labels={form.labels} draft={draft.value} enter={enter} choose={choose} decide={decide} ask={setAsks} problem={problem} isBusy={isSending.value || isGone || link.value === "offline"} />
        <aside class="why">
          <Why review={review} />
          <Suggestion review={review} probabilities={review.probabilities} labels={form.labels} isShown={isModelShown} />
        </aside>
      </div>
      {asks === "escalate" ? (
        <Ask title="Hand this case to an expert" label="Why" button="Escalate" close={() => setAsks(null)} run={(reason) => void act("escalate", { reason }, () => done("Handed to the experts"))} />
      ) : null}
      {asks === "skip" ? (
        <Ask title="Skip this case" label="Why (optional)" button="Skip" isRequired={false} close={() => setAsks(null)} run={(reason) => void act("skip", { reason: reason || "skipped" }, () => done("Skipped: it waits for somebody else"))} />
      ) : null}
      {lost ? <LostLease error={lost} hasDraft={JSON.stringify(draft.value) !== JSON.stringify(BLANK)} goOn={() => claims.drop(review.review_id)} /> : null}
    </article>
  );
}

const SAVED_AFTER_MS = 1500;

/** The draft on the server too, once the person pauses: it is there on another machine. */
function useSaved(review: Json, draft: Draft): void {
  useEffect(() => {
    if (draft === BLANK || link.value === "offline") return undefined;
    const save = () => void post(`/v1/reviews/${review.review_id}/draft`, { lease: review.lease.id, draft }).catch((error: Error) => tell(`Your draft is kept in this browser alone: ${error.message}`, "warning"));
    const timer = setTimeout(save, SAVED_AFTER_MS);
    return () => clearTimeout(timer);
  }, [review.review_id, draft]);
}

let lastUndo: (() => void) | undefined;

/** Undo for the last decision, from its message or by its key, until the next decision replaces it. */
function rememberUndo(claims: Claims, claimed: Claimed, label: string): () => void {
  const undo = async () => {
    lastUndo = undefined;
    try {
      const answer = await post(`/v1/reviews/${claimed.review.review_id}/undo`, {});
      await claims.takeBack(claimed, answer.lease);
      tell(`Taken back: ${label}`);
    } catch (error) {
      tell((error as Error).message, "error");
    }
  };
  lastUndo = () => void undo();
  return lastUndo;
}
