// What needs people now, what the models do alone, and how often that is wrong. Each part is asked for and fails by itself.
import { read } from "../api";
import type { ApprovalView, InteractionView, QueueDepth } from "../api-types";
import { figure, moment, percent, relative, sentence, short, span } from "../format";
import { useLoad, type Loaded } from "../load";
import { text } from "../messages";
import { href } from "../router";
import { may } from "../session";
import { PageHead } from "../ui/page-head";
import { Loading, Shown } from "../ui/states";
import { Table } from "../ui/table";
import { TourOffer } from "../ui/tour";
import { kindOf } from "./approval/kind";
import { Alerts, Activity } from "./news";
import { isMine, titleOf } from "./queue-names";
import { Targets } from "./targets";

/** Asks only for what the service allows; null stands for what is not this person's to see. */
function ifMay<T>(what: string, load: () => Promise<T>): () => Promise<T | null> {
  return () => (may(what) ? load() : Promise.resolve(null));
}

export function Overview() {
  const said = text.value;
  const queues = useLoad(ifMay("see_queues", () => read("/v1/queues")), [], ["reviews"]);
  const approvals = useLoad(ifMay("see_approvals", () => read("/v1/approvals", {}, { status: "pending", limit: 500 })), [], ["approvals"]);
  const pending = useLoad(() => read("/v1/interactions/pending"), [], ["workflows"]);
  const system = useLoad(ifMay("see_metrics", () => read("/v1/metrics/system")), [], ["reviews"]);
  const models = useLoad(() => read("/v1/models"), [], ["approvals"]);
  return (
    <>
      <PageHead title={said.shell.pages.overview}>
        {may("review") ? (
          <a class="button primary" href={href("reviews")}>
            {said.review.start}
          </a>
        ) : null}
      </PageHead>
      <TourOffer />
      <div class="cards">
        <Part loaded={queues} needs="see_queues" cards={2}>
          {(found) => (found ? <QueueCards queues={countedOf(found.queues)} /> : null)}
        </Part>
        <Part loaded={approvals} needs="see_approvals">{(found) => (found ? <Card title={said.operations.approvals} value={figure(found.approvals.length) + (found.next === null ? "" : "+")} note={said.operations.approvalsNote} link={href("approvals")} /> : null)}</Part>
        <Part loaded={pending}>{(found) => <Card title={said.operations.inputs} value={figure(found.interactions.length)} note={said.operations.inputsNote} link={href("workflows")} />}</Part>
        <Part loaded={system} needs="see_metrics">{(found) => (found?.processing_metrics.total_decisions ? <Card title={said.operations.automation} value={percent(found.processing_metrics.automation_rate)} note={said.operations.automationNote} link={href("analytics")} /> : null)}</Part>
      </div>
      <Due queues={queues} approvals={approvals} pending={pending} />
      {may("see_alerts") ? <Alerts /> : null}
      <Shown loaded={models}>{(found) => <Deployed tasks={found.tasks} />}</Shown>
      <Activity />
      {may("see_quality") ? <Targets /> : null}
    </>
  );
}

interface PartProps<T> {
  loaded: Loaded<T>;
  /** What the person must be allowed; without it there is nothing to wait for. */
  needs?: string;
  /** How many cards will stand here. */
  cards?: number;
  children: (found: T) => preact.ComponentChildren;
}

/** A card: one that cannot be had says so in its place, and leaves the others. */
function Part<T>({ loaded, needs, cards = 1, children }: PartProps<T>) {
  if (needs && !may(needs)) return null;
  if (loaded.data !== undefined) return <>{children(loaded.data)}</>;
  if (loaded.error) {
    return (
      <div class="card" role="alert">
        <span class="title">{text.value.states.unavailable}</span>
        <button type="button" class="quiet" onClick={loaded.reload}>
          {text.value.states.tryAgain}
        </button>
      </div>
    );
  }
  return (
    <>
      {Array.from({ length: cards }, (_, at) => (
        <div key={at} class="card loading" role="status">
          <span class="unseen">{text.value.states.loading}</span>
          <span class="bone" />
          <span class="bone" />
        </div>
      ))}
    </>
  );
}

/** A reviewer's own queues; all of them for who looks after all. */
function countedOf(queues: Record<string, QueueDepth>): QueueDepth[] {
  const counted = Object.entries(queues).filter(([name]) => isMine(name) || !may("review"));
  return counted.map(([, row]) => row);
}

function QueueCards({ queues }: { queues: QueueDepth[] }) {
  const said = text.value.operations;
  const waiting = queues.reduce((sum, row) => sum + row.waiting, 0);
  const urgent = queues.reduce((sum, row) => sum + (row.by_priority.urgent ?? 0), 0);
  const leased = queues.reduce((sum, row) => sum + row.leased, 0);
  return (
    <>
      <Card title={said.waiting} value={figure(waiting)} note={said.urgent(figure(urgent))} link={href("reviews")} />
      <Card title={said.oldest} value={waiting ? span(Math.max(...queues.map((row) => row.oldest_age_s ?? 0))) : "–"} note={said.inProgress(figure(leased))} link={href("reviews")} />
    </>
  );
}

function Card({ title, value, note, link }: { title: string; value: string; note: string; link: string }) {
  return (
    <a class="card" href={link}>
      <span class="title">{title}</span>
      <span class="big">{value}</span>
      <span class="note">{note}</span>
    </a>
  );
}

interface DueProps {
  queues: Loaded<{ queues: Record<string, QueueDepth> } | null>;
  approvals: Loaded<{ approvals: ApprovalView[] } | null>;
  pending: Loaded<{ interactions: InteractionView[] }>;
}

/** Nothing is said to be due, or not to be, before each part has answered or failed; what failed says so in its card. */
function Due({ queues, approvals, pending }: DueProps) {
  const isAwaited = [queues, approvals, pending].some((part) => part.data === undefined && !part.error);
  if (isAwaited) return <Loading />;
  return <DueSoon queues={queues.data?.queues ?? {}} approvals={approvals.data?.approvals ?? []} pending={pending.data?.interactions ?? []} />;
}

interface DueRow {
  what: string;
  kind: string;
  /** Since when it waits, of what has no deadline of its own. */
  since?: number | null;
  until: number | null;
  link: string;
}

function DueSoon({ queues, approvals, pending }: { queues: Record<string, QueueDepth>; approvals: ApprovalView[]; pending: InteractionView[] }) {
  const said = text.value;
  const waiting: DueRow[] = may("review") ? Object.entries(queues).filter(([name, row]) => row.waiting > 0 && isMine(name)).map(([name, row]) => ({ what: `${titleOf(name)}: ${said.review.left(row.waiting)}`, kind: said.review.title, since: row.oldest_opened_at, until: null, link: href("reviews", [name]) })) : [];
  const rows: DueRow[] = [
    ...approvals.map((row) => ({ what: row.title, kind: kindOf(row), until: row.expires_at, link: href("approvals", [row.approval_id]) })),
    ...pending.map((row) => ({ what: row.step_name, kind: sentence(row.pattern), until: row.expires_at, link: href("workflows", [row.interaction_id]) })),
  ].sort((a, b) => (a.until ?? 0) - (b.until ?? 0));
  return (
    <Table
      caption={said.operations.due}
      empty={said.operations.dueNone}
      rows={[...waiting, ...rows].slice(0, 8)}
      columns={[
        { title: said.operations.what, show: (row) => <a href={row.link}>{row.what}</a>, value: (row) => row.what },
        { title: said.operations.kind, show: (row) => row.kind },
        { title: said.operations.expires, show: (row) => <When row={row} /> },
      ]}
    />
  );
}

function When({ row }: { row: DueRow }) {
  if (row.until !== null) return <span title={moment(row.until)}>{relative(row.until)}</span>;
  return row.since ? <span title={moment(row.since)}>{text.value.operations.waitsSince(relative(row.since))}</span> : <>–</>;
}

function Deployed({ tasks }: { tasks: { task: string; title: string; serving: { generation: number; versions: [string, number][] } | null }[] }) {
  const said = text.value.operations;
  const serving = tasks.filter((task) => task.serving && task.serving.versions.length > 0);
  return (
    <Table
      caption={said.deployed}
      empty={said.deployedNone}
      rows={serving}
      rowKey={(row) => row.task}
      columns={[
        { title: said.task, show: (row) => <a href={href("models", [row.task])}>{row.title}</a>, value: (row) => row.task },
        { title: said.version, show: (row) => (row.serving?.versions ?? []).map(([digest, share]) => `${short(digest)}${share < 1 ? ` (${percent(share, 0)})` : ""}`).join(", ") },
        { title: said.deployment, show: (row) => `#${row.serving?.generation ?? 0}`, isNumber: true },
      ]}
    />
  );
}
