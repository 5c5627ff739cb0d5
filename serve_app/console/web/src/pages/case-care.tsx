// What an operator does with one case: withdraw it, return it to its queue, hold it, erase it; and who has seen what is sealed.
import { useState } from "preact/hooks";
import { act, read } from "../api";
import { moment } from "../format";
import { useLoad } from "../load";
import { text } from "../messages";
import { Ask } from "../ui/ask";
import { Chip } from "../ui/chip";
import { perform } from "../ui/perform";
import { Shown } from "../ui/states";
import { Reveals } from "./reveals";

interface CareProps {
  caseId: string;
  /** Whether something of its input is sealed: nothing else can be erased. */
  isSealed: boolean;
  reviewId: string | null;
  status: string;
  reload: () => void;
}

const WAITING = ["pending_human", "pending_expert"];
const SHOWN_OF_ID = 8;

export function Care({ caseId, isSealed, reviewId, status, reload }: CareProps) {
  const said = text.value.care;
  const [asks, setAsks] = useState<"cancel" | "requeue" | null>(null);
  const close = () => setAsks(null);
  const id = { case_id: caseId };
  const cancel = (reason: string) => (close(), perform(act("POST /v1/cases/{case_id}/cancel", id, { reason }), (answer) => said.case.withdrawn(answer.review_ids.length), reload));
  const requeue = (reason: string) => (close(), perform(act("POST /v1/reviews/{review_id}/requeue", { review_id: reviewId ?? "" }, { reason }), said.case.requeued, reload));
  return (
    <section class="panel" aria-label={said.case.title}>
      <h2>{said.case.title}</h2>
      {WAITING.includes(status) ? (
        <p class="buttons">
          <button type="button" onClick={() => setAsks("cancel")}>
            {said.case.cancel}
          </button>
          {reviewId ? <Requeue reviewId={reviewId} ask={() => setAsks("requeue")} /> : null}
        </p>
      ) : null}
      <Hold caseId={caseId} />
      {isSealed ? <Erase caseId={caseId} reload={reload} /> : <p class="hint">{said.case.eraseNothing}</p>}
      <Reveals id={caseId} ask={() => read("/v1/cases/{case_id}/reveals", { case_id: caseId })} />
      {asks === "cancel" ? <Ask title={said.case.cancel} label={`${said.reason}. ${said.case.cancelHint}`} button={said.case.cancel} run={cancel} close={close} /> : null}
      {asks === "requeue" ? <Ask title={said.case.requeue} label={said.reason} button={said.case.requeue} run={requeue} close={close} /> : null}
    </section>
  );
}

/** Only for a review that was set aside: to its case this is waiting for people, so the review itself is asked. */
function Requeue({ reviewId, ask }: { reviewId: string; ask: () => void }) {
  const { data } = useLoad(() => read("/v1/reviews/{review_id}", { review_id: reviewId }), [reviewId], ["reviews"]);
  if (data?.review.status !== "quarantined") return null;
  return (
    <>
      <Chip tone="warn">{text.value.cases.statuses.quarantined}</Chip>
      <button type="button" onClick={ask}>
        {text.value.care.case.requeue}
      </button>
    </>
  );
}

/** The end of a chosen day in the person's own zone, in UTC seconds. */
export function endOfDay(day: string): number {
  return new Date(`${day}T23:59:59`).getTime() / 1000;
}

function Hold({ caseId }: { caseId: string }) {
  const said = text.value.care.case;
  const loaded = useLoad(() => read("/v1/cases/{case_id}/hold", { case_id: caseId }), [caseId], []);
  const [until, setUntil] = useState("");
  const [reason, setReason] = useState("");
  const hold = (event: Event) => {
    event.preventDefault();
    perform(act("POST /v1/cases/{case_id}/hold", { case_id: caseId }, { until: endOfDay(until), reason: reason.trim() }), text.value.care.done, loaded.reload);
  };
  return (
    <Shown loaded={loaded}>
      {({ hold: found }) => (
        <>
          <h3>{said.hold}</h3>
          <p>
            {found ? <Chip tone="warn">{said.held(moment(found.until), found.by)}</Chip> : <span class="hint">{said.notHeld}</span>} {found ? found.reason : said.holdHint}
          </p>
          <form class="filters" onSubmit={hold}>
            <label>
              {said.holdUntil} <input type="date" required value={until} onInput={(event) => setUntil(event.currentTarget.value)} />
            </label>
            <label>
              {text.value.care.reason} <input required value={reason} onInput={(event) => setReason(event.currentTarget.value)} />
            </label>
            <button>{said.holdSet}</button>
          </form>
        </>
      )}
    </Shown>
  );
}

/** Asked twice: for the reason, then for the beginning of the id. */
function Erase({ caseId, reload }: { caseId: string; reload: () => void }) {
  const said = text.value.care.case;
  const [isAsking, setAsking] = useState(false);
  const [reason, setReason] = useState<string | null>(null);
  const end = caseId.slice(0, SHOWN_OF_ID);
  const erase = () => {
    perform(act("POST /v1/cases/{case_id}/erase", { case_id: caseId }, { reason: reason ?? "" }), said.erased, reload);
    setReason(null);
  };
  return (
    <>
      <p class="buttons">
        <button type="button" class="danger" onClick={() => setAsking(true)}>
          {said.erase}
        </button>
      </p>
      {isAsking ? <Ask key="why" title={said.erase} label={said.eraseWhy} button={said.erase} run={(why) => (setAsking(false), setReason(why))} close={() => setAsking(false)} /> : null}
      {reason !== null ? <Ask key="sure" title={said.eraseTitle} label={said.eraseHint(end)} button={said.erase} mustBe={end} run={erase} close={() => setReason(null)} /> : null}
    </>
  );
}
