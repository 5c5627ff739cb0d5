// One case at a time: the case beside its answer. The next one is leased already when this one is sent.
import { useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { act, Offline, post, Problem, read } from "../api";
import type { AskedField, DecidedReview, HandedOnReview, ReviewAtHand } from "../api-types";
import { goToField, placesOf } from "../case/boxes";
import { contentAt } from "../case/contents";
import { labelsInOrder, labelWords } from "../case/label-words";
import { CaseView, isMasked, type Payload } from "../case/view";
import { inputOf } from "../case/input";
import { Suggestion, Why } from "../case/why";
import { BLANK, dropDraft, keepDraft, readDraft, type Draft } from "../drafts";
import { digitOf, useKeys } from "../keys";
import { link, withdrawn } from "../live/live";
import { follow } from "../live/queue";
import { short } from "../format";
import { useLoad } from "../load";
import { text } from "../messages";
import { href, place, restate } from "../router";
import { may, onSignOut, who } from "../session";
import { settings } from "../settings";
import { tell } from "../toast";
import { Ask } from "../ui/ask";
import { PageHead } from "../ui/page-head";
import { Failure, Loading } from "../ui/states";
import { addedTo, type Declared, shownOf, toggled, valueOf } from "./answer-fields";
import { AnswerForm } from "./answer-form";
import { Claims, type Claimed } from "./claims";
import { Nothing } from "./empty-queue";
import { FocusHead } from "./focus-head";
import { Guidelines, turnGuidelines } from "./guidelines";
import { HandOn } from "./hand-on";
import { LostLease } from "./lost-lease";
import { isOfExperts } from "./queue-names";
import { Reveal } from "./reveal";
import { lastDone, rememberUndo, undoable, undoLast } from "./undo";

const ACTIVITY = ["keydown", "pointerdown", "input", "wheel"] as const;

export function Focus({ queue }: { queue: string }) {
  const claims = useMemo(() => new Claims(queue, place.value.rest[1] ?? ""), [queue]);
  const waiting = useLoad(() => read("/v1/queues/{queue}", { queue }), [queue], ["reviews"]);
  useEffect(() => {
    void claims.fill();
    const leave = follow(queue, () => {
      if (claims.held.value.length === 0) void claims.fill();
    });
    const touch = () => claims.touch();
    for (const kind of ACTIVITY) window.addEventListener(kind, touch, { passive: true });
    const stopLeaving = onSignOut(() => claims.leave());
    const late = setInterval(() => claims.forgetLate(), 1000);
    return () => {
      clearInterval(late);
      for (const kind of ACTIVITY) window.removeEventListener(kind, touch);
      leave();
      stopLeaving();
      lastDone.value = "";
      void claims.leave();
    };
  }, [claims]);
  useKeys({ undo: undoLast });
  const current = claims.held.value[0];
  const id = current?.review.review_id;
  useEffect(() => {
    if (!id) return;
    restate("reviews", [queue, id]);
    claims.touch();
  }, [id]);
  const said = text.value.review;
  const news = useNextCase(id);
  return (
    <>
      <p class="unseen" role="status">
        {news}
      </p>
      {claims.failure.value ? <Failure error={claims.failure.value} again={() => void claims.fill()} /> : null}
      {current ? (
        <Case key={id} claims={claims} claimed={current} waiting={waiting.data?.waiting} />
      ) : claims.state.value === "empty" ? (
        <>
          <PageHead title={queue} crumbs={[[said.title, href("reviews")]]} />
          <Status />
          <Nothing queue={queue} row={claims.why.value} />
        </>
      ) : (
        <Loading rows={6} />
      )}
    </>
  );
}

/** The next case takes the focus, since what had it has left the page; what is returned says it to who does not see the page change. */
function useNextCase(id: string | undefined): string {
  const [news, setNews] = useState("");
  const before = useRef<string | undefined>(undefined);
  useEffect(() => {
    if (!id) return;
    const isNext = before.current !== undefined && before.current !== id;
    before.current = id;
    if (!isNext) return;
    setNews(text.value.review.nextCase(short(id)));
    document.getElementById("case-title")?.focus();
  }, [id]);
  return news;
}

function Case({ claims, claimed, waiting }: { claims: Claims; claimed: Claimed; waiting: number | undefined }) {
  const { review } = claimed;
  const { form } = review;
  const said = text.value.review;
  const id = { review_id: review.review_id };
  const lease = review.lease?.id ?? 0;
  const saved = review.drafts?.[who.value?.id ?? ""]?.draft as Partial<Draft> | undefined;
  const draft = useSignal<Draft>(useMemo(() => readDraft(review.review_id, saved), []));
  const [problem, setProblem] = useState<Problem | null>(null);
  const [lost, setLost] = useState<Error | null>(null);
  const [asks, setAsks] = useState<"escalate" | "skip" | null>(null);
  const [isModelShown, setModelShown] = useState(true);
  const [field, setField] = useState<string | null>(null);
  const [clear, setClear] = useState<Payload | null>(null);
  const isSending = useSignal(false);
  const declared = declaredOf(review);
  const places = useMemo(() => placesOf(review.payload.boxes, Object.fromEntries((form.fields ?? []).map((each) => [each.name, each.title]))), []);
  const only = form.fields?.length === 1 && form.fields[0]?.type === "choices" ? form.fields[0] : null;

  const enter = (some: Partial<Draft>) => {
    if (isSending.value) return;
    draft.value = { ...draft.value, ...some };
    keepDraft(review.review_id, draft.value);
    setProblem(null);
  };
  useSaved(review.review_id, lease, draft.value);
  const refuse = (error: Error) => {
    if (error instanceof Problem && (error.status === 409 || error.status === 404)) setLost(error);
    else if (error instanceof Problem && error.status === 422) setProblem(error);
    else tell(error.message, error instanceof Offline ? "warning" : "error");
  };
  const done = (what: string) => {
    dropDraft(review.review_id);
    lastDone.value = what;
    claims.drop(review.review_id);
  };
  const send = async <T,>(run: () => Promise<T>, after: (answer: T) => void) => {
    if (isSending.value) return;
    if (link.value === "offline") return void tell(said.offlineKept, "warning");
    isSending.value = true;
    try {
      after(await run());
    } catch (error) {
      isSending.value = false;
      refuse(error as Error);
    }
  };
  const decide = () => {
    const { label, confidence, comment, value } = draft.value;
    if (label === "" && form.fields === null) return void tell(said.chooseFirst, "warning", undefined, 3000);
    const beside = form.answer.beside[label];
    const added = beside ? addedTo(beside, declared, value) : null;
    const answered = label === "" && form.fields !== null ? { value: valueOf(form.fields, declared, value) } : { label, ...(added ? { value: added } : {}) };
    const body = { lease, ...answered, comment, ...(confidence === null ? {} : { confidence }) };
    const sent = draft.value;
    return void send<DecidedReview | HandedOnReview>(
      () => act("POST /v1/reviews/{review_id}/decision", id, body),
      (answer) => {
        const leftMs = answer.status === "provisional" ? 1000 * (answer.final_at - answer.decided_at) : 0;
        undoable.value = null;
        if (leftMs > 0) rememberUndo(claims, claimed, sent, leftMs);
        done(said.saved(label ? labelWords(form, label) : form.title));
      },
    );
  };
  const choose = (label: string, isDecided: boolean) => {
    enter({ label });
    if (settings.value.oneKeySubmit && isDecided && !form.answer.beside[label]) decide();
  };
  const labels = labelsInOrder(form);
  const flip = (field: AskedField, value: string) => enter({ label: "", value: { ...draft.value.value, [field.name]: toggled(field, shownOf(field, declared, draft.value.value) as string[], value) } });
  const ask = (what: "escalate" | "skip") => (link.value === "offline" ? tell(said.offlineKept, "warning") : setAsks(what));
  const extend = () => void claims.extend(claimed).catch(refuse);
  const close = () => setAsks(null);
  // From the experts' queue an escalated case would come straight back to it.
  const isWithExperts = isOfExperts(review.queue);
  const isGone = withdrawn.value.has(review.review_id);
  useKeys({
    ...Object.fromEntries((form.fields === null ? labels : []).map((label, at) => [digitOf(labels, at) ?? "", () => choose(label, true)])),
    ...(only ? Object.fromEntries(only.values.slice(0, 9).map((value, at) => [String(at + 1), () => flip(only, value)])) : {}),
    ...(form.answer.kind === "verdict" ? { approve: () => choose("approve", true), reject: () => choose("reject", true) } : {}),
    ...(form.none_answer === null ? {} : { none: () => choose(form.none_answer ?? "", true) }),
    submit: decide,
    ...(isWithExperts ? {} : { escalate: () => ask("escalate") }),
    skip: () => ask("skip"),
    extend,
    next: () => claims.turn(),
    previous: () => claims.turn(),
    model: () => setModelShown(!isModelShown),
    ...(form.guidelines.length > 0 ? { guidelines: turnGuidelines } : {}),
    note: () => document.getElementById("note")?.focus(),
  });
  useEffect(() => {
    document.getElementById("case-title")?.focus({ preventScroll: true });
  }, []);
  return (
    <article aria-label={said.case(review.case_id)}>
      <FocusHead claimed={claimed} waiting={waiting} isGone={isGone} extend={extend} onEnd={() => setLost(new Error(said.leaseOver))} />
      {isGone ? (
        <p class="notice warning" role="alert">
          {said.gone}{" "}
          <button type="button" onClick={() => claims.drop(review.review_id)}>
            {said.goOn}
          </button>
        </p>
      ) : null}
      <div class="focus">
        <section class="case">
          <p class="hint">{form.description}</p>
          <CaseView input={inputOf(form.input)} payload={isMasked(review.payload) && clear !== null ? clear : (review.payload as unknown as Payload)} contents={form.answer.contents} review={`/v1/reviews/${review.review_id}`} places={{ places, focused: field, pick: goToField }} />
          {isMasked(review.payload) ? <Reveal path={`/v1/cases/${review.case_id}/reveal`} show={(found) => setClear(found as unknown as Payload)} hide={() => setClear(null)} isShown={clear !== null} /> : null}
        </section>
        <AnswerForm
          form={form}
          declared={declared}
          draft={draft.value}
          enter={enter}
          focus={setField}
          choose={choose}
          decide={decide}
          ask={ask}
          mayEscalate={!isWithExperts}
          problem={problem}
          isBusy={isSending.value || isGone || link.value === "offline"}
          people={(prefix) => read("/v1/reviews/{review_id}/people", id, { prefix }).then((found) => found.people)}
          status={<Status />}
          guide={<Guidelines form={form} chosen={draft.value.label} />}
        >
          <Suggestion review={review} isShown={isModelShown} />
          <Why review={review} />
          <HandOn reviewId={review.review_id} lease={lease} isSentBack={isWithExperts && may("review_as_expert")} isBusy={isSending.value || isGone} send={(run, what) => void send(run, () => done(what))} />
        </AnswerForm>
      </div>
      {asks === "escalate" ? (
        <Ask title={said.escalateTitle} label={said.escalateWhy} button={said.escalate} close={close} run={(reason) => (close(), void send(() => act("POST /v1/reviews/{review_id}/escalate", id, { lease, reason }), () => done(said.escalatedTo)))} />
      ) : null}
      {asks === "skip" ? (
        <Ask title={said.skipTitle} label={said.skipWhy} button={said.skip} isRequired={false} close={close} run={(reason) => (close(), void send(() => act("POST /v1/reviews/{review_id}/skip", id, { lease, reason: reason || "skipped" }), () => done(said.skipped)))} />
      ) : null}
      {lost ? <LostLease error={lost} hasDraft={JSON.stringify(draft.value) !== JSON.stringify(BLANK)} goOn={() => claims.drop(review.review_id)} /> : null}
    </article>
  );
}

/** What the answer's fields begin with: the declared value, or the content that a correction changes. */
function declaredOf(review: ReviewAtHand): Declared {
  const content = review.form.answer.kind === "verdict" ? review.form.answer.contents[0] : undefined;
  if (content) return { correction: contentAt(review.payload.features, content.path) ?? "" };
  return (review.payload.value ?? null) as Declared;
}

/** One line that says what was done last, with its undo while the window is open. */
function Status() {
  const said = text.value.review;
  return (
    <div class="status done" role="status">
      <span>{lastDone.value}</span>
      {undoable.value ? (
        <button type="button" class="quiet" onClick={undoLast}>
          {said.undo} <kbd aria-hidden="true">Z</kbd>
        </button>
      ) : null}
    </div>
  );
}

const SAVED_AFTER_MS = 1500;

/** The draft on the server too, once the person pauses: it is there on another machine. */
function useSaved(reviewId: string, lease: number, draft: Draft): void {
  useEffect(() => {
    if (draft === BLANK || link.value === "offline") return undefined;
    const save = () => void post(`/v1/reviews/${reviewId}/draft`, { lease, draft }).catch((error: Error) => tell(text.value.review.draftLocal(error.message), "warning"));
    const timer = setTimeout(save, SAVED_AFTER_MS);
    return () => clearTimeout(timer);
  }, [reviewId, draft]);
}
