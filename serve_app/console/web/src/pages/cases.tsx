// Cases: found by their id, and one page for each with its input, its outcome and its whole history.
import { useState } from "preact/hooks";
import { act, Problem, read } from "../api";
import type { BlindCase, CaseDecision, TaskView } from "../api-types";
import { moment, percent, relative, sentence, short } from "../format";
import { useLoad } from "../load";
import { text } from "../messages";
import { go, href, place } from "../router";
import { may } from "../session";
import { tell } from "../toast";
import { Ask } from "../ui/ask";
import { Chip, toneOf } from "../ui/chip";
import { Facts, Tree } from "../ui/facts";
import { Id } from "../ui/id";
import { WithMentions } from "../ui/mention-text";
import { PageHead } from "../ui/page-head";
import { Shown } from "../ui/states";
import { contentsOf, storedLabelWords, takesValues } from "../case/label-words";
import { placesOf } from "../case/boxes";
import { CaseView, isMasked, type Payload } from "../case/view";
import { inputOf } from "../case/input";
import { textAt, numberAt } from "./approval/evidence";
import { eventName } from "./audit";
import { Care } from "./case-care";
import { ProposeOverride } from "./propose-override";
import { caseOf } from "./case-ids";
import { Search } from "./case-search";
import { Reveal } from "./reveal";

export function Cases() {
  const [id] = place.value.rest;
  return id ? <One key={id} id={id} /> : <Find />;
}

function Find() {
  const said = text.value.cases;
  const [id, setId] = useState("");
  const open = (event: Event) => {
    event.preventDefault();
    if (id.trim()) go("cases", [caseOf(id.trim())]);
  };
  return (
    <>
      <PageHead title={said.title} />
      <form class="filters" role="search" onSubmit={open}>
        <label>
          {said.find}
          <input type="search" value={id} onInput={(event) => setId(event.currentTarget.value)} />
        </label>
        <button class="primary">{said.search}</button>
      </form>
      <Search />
    </>
  );
}

type Found = CaseDecision | BlindCase;

function One({ id }: { id: string }) {
  const loaded = useLoad(() => read("/v1/decisions/{case_id}", { case_id: id }), [id], ["reviews"]);
  if (loaded.error instanceof Problem && loaded.error.status === 404) return <NotThere id={id} />;
  return <Shown loaded={loaded}>{(found) => <Case found={found} reload={loaded.reload} />}</Shown>;
}

function NotThere({ id }: { id: string }) {
  const said = text.value.cases;
  return (
    <>
      <PageHead title={text.value.review.case(id.slice(0, 10))} crumbs={[[said.title, href("cases")]]} />
      <p class="notice" role="alert">
        {said.unknown(id)}
      </p>
    </>
  );
}

function Case({ found, reload }: { found: Found; reload: () => void }) {
  const said = text.value.cases;
  const task = useTask(found.task);
  return (
    <article>
      <PageHead title={text.value.review.case(found.case_id.slice(0, 10))} crumbs={[[said.title, href("cases")]]}>
        <Actions found={found} task={task} reload={reload} />
        <Chip tone={toneOf(found.status === "decided" ? "decided" : "pending")}>{said.statuses[found.status] ?? sentence(found.status)}</Chip>
      </PageHead>
      <div class="split two">
        <section class="panel">
          <h2>{said.input}</h2>
          <Input found={found} task={task} />
        </section>
        <section class="panel">
          <h2>{said.outcome}</h2>
          <Outcome found={found} />
        </section>
      </div>
      {isCorrected(found) && may("confirm_overrides") ? <ProposeOverride caseId={found.case_id} label={found.outcome?.label ?? ""} reload={reload} /> : null}
      <History found={found} />
      {may("care_for_cases") ? <Care caseId={found.case_id} isSealed={found.is_sealed} reviewId={found.review_id ?? null} status={found.status} reload={reload} /> : null}
    </article>
  );
}

/** Whether people said something else than the model. */
function isCorrected(found: Found): boolean {
  const { outcome } = found;
  return found.status === "decided" && outcome?.by === "person" && "prediction" in found && found.prediction !== null && found.prediction !== outcome.label && !outcome.label.includes("corrected:");
}

/** The task's declaration; null where it cannot be had: the case is shown all the same. */
function useTask(task: string): TaskView | null {
  return useLoad(() => read("/v1/tasks/{task}", { task }).catch(() => null), [task], []).data ?? null;
}

/** The input as the task declares it; as nested values where that is not known. Operators may see what is sealed, on the record. */
function Input({ found, task }: { found: Found; task: TaskView | null }) {
  const [clear, setClear] = useState<Payload | null>(null);
  const review = found.review_id ? `/v1/reviews/${found.review_id}` : undefined;
  const boxes = "boxes" in found ? found.boxes ?? null : null;
  const places = placesOf(boxes, Object.fromEntries(Object.keys(boxes ?? {}).map((name) => [name, sentence(name)])));
  const masked = { features: found.features, metadata: (found.metadata ?? null) as Record<string, unknown> | null };
  return (
    <>
      <CaseView review={review} input={inputOf(task?.input ?? { kind: typeof found.features === "string" ? "text" : "other" })} payload={isMasked(masked) && clear !== null ? clear : masked} contents={contentsOf(task)} places={{ places, focused: null }} />
      {isMasked(masked) && may("care_for_cases") ? <Reveal path={`/v1/cases/${found.case_id}/reveal`} show={(shown) => setClear(shown as unknown as Payload)} hide={() => setClear(null)} isShown={clear !== null} /> : null}
    </>
  );
}

function Outcome({ found }: { found: Found }) {
  const said = text.value.cases;
  const { outcome } = found;
  const earlier = found.outcomes.slice(0, -1);
  const value = "value" in found ? found.value ?? null : null;
  return (
    <>
      <p class="lead">
        <strong>{outcome ? storedLabelWords(outcome.label) : said.noOutcome}</strong> {outcome ? <span class="note">{outcome.by === "person" ? textAt(outcome, "reviewer") ?? outcome.by : outcome.by}</span> : null}
      </p>
      {value === null ? null : <Tree value={value} />}
      <Facts
        rows={[
          [text.value.admin.task, found.task],
          [text.value.review.case(""), <Id id={found.case_id} length={26} />],
          ...("route" in found
            ? ([
                [said.suggestion, found.prediction ? `${storedLabelWords(found.prediction)} (${percent(found.confidence)})` : "–"],
                [said.route, sentence(`${found.route.action}: ${found.route.reason}`)],
                [text.value.review.segment, found.segment || "–"],
                [text.value.review.modelVersion(""), short(found.model_version)],
              ] as [string, string][])
            : []),
        ]}
      />
      {earlier.length > 0 ? (
        <>
          <h3>{said.earlier}</h3>
          {earlier.map((one, number) => (
            <div key={number}>
              <del>{storedLabelWords(one.label)}</del> {textAt(one, "reason") ?? ""}
            </div>
          ))}
        </>
      ) : null}
    </>
  );
}

function History({ found }: { found: Found }) {
  const said = text.value.cases;
  const isBlind = !("route" in found);
  if (found.history.length === 0) return <p class="hint">{isBlind ? said.historyBlind : said.historyNone}</p>;
  return (
    <section class="panel">
      <h2>{said.history}</h2>
      <ol class="trail">
        {found.history.map((step, number) => {
          const who = textAt(step, "reviewer") ?? textAt(step, "by") ?? "";
          const label = textAt(step, "label");
          const why = textAt(step, "reason") ?? textAt(step, "comment");
          return (
            <li key={number}>
              <strong>{eventName(textAt(step, "type") ?? "")}</strong>
              {label ? ` · ${storedLabelWords(label)}` : ""}
              {who ? ` · ${who}` : ""} <span class="note" title={moment(numberAt(step, "at"))}>{relative(numberAt(step, "at"))}</span>
              {why ? (
                <div class="note">
                  <WithMentions>{why}</WithMentions>
                </div>
              ) : null}
            </li>
          );
        })}
      </ol>
      <p>
        {may("see_audit") ? <a href={href("audit", [], { subject: found.case_id })}>{said.audit}</a> : null}
      </p>
    </section>
  );
}

/** What may be done with a decided case: another label, or another look; a value is corrected by another look alone. */
function Actions({ found, task, reload }: { found: Found; task: TaskView | null; reload: () => void }) {
  const said = text.value.cases;
  const [asks, setAsks] = useState<"amend" | "reopen" | null>(null);
  const [label, setLabel] = useState("");
  if (!may("amend_decisions") || found.status !== "decided" || !found.review_id || found.outcome?.by !== "person") return null;
  const id = { review_id: found.review_id };
  const then = (run: Promise<unknown>) => {
    setAsks(null);
    run.then(
      () => {
        tell(said.done);
        reload();
      },
      (error: Error) => tell(error.message, "error"),
    );
  };
  return (
    <>
      {takesValues(task) ? null : (
        <>
          <input aria-label={said.newLabel} placeholder={said.newLabel} list="labels" value={label} onInput={(event) => setLabel(event.currentTarget.value)} />
          <datalist id="labels">
            {(task?.labels ?? []).map((each) => (
              <option key={each} value={each} />
            ))}
          </datalist>
          <button type="button" disabled={label.trim() === ""} onClick={() => setAsks("amend")}>
            {said.amend}
          </button>
        </>
      )}
      <button type="button" onClick={() => setAsks("reopen")}>
        {said.reopen}
      </button>
      {asks === "amend" ? <Ask title={said.amendTitle} label={said.why} button={said.amend} run={(reason) => then(act("POST /v1/reviews/{review_id}/amend", id, { label: label.trim(), reason }))} close={() => setAsks(null)} /> : null}
      {asks === "reopen" ? <Ask title={said.reopenTitle} label={said.why} button={said.reopen} run={(reason) => then(act("POST /v1/reviews/{review_id}/reopen", id, { reason }))} close={() => setAsks(null)} /> : null}
    </>
  );
}
