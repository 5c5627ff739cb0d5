// What needs people now, what the models do alone, and how often that is wrong.
import { get, Problem, type Json } from "../api";
import { figure, moment, percent, short, span, words } from "../format";
import { useLoad } from "../load";
import { href } from "../router";
import { Shown } from "../ui/states";
import { Table } from "../ui/table";
import { News } from "./news";

interface Seen {
  metrics: Json;
  approvals: Json[];
  pending: Json[];
  alerts: Json[];
  notices: Json[];
}

async function look(): Promise<Seen> {
  const [metrics, approvals, pending, alerts, inbox] = await Promise.all([
    get("/v1/metrics").catch(none),
    get("/v1/approvals?status=pending").catch(none),
    get("/v1/interactions/pending").catch(none),
    get("/v1/alerts").catch(none),
    get("/v1/inbox?limit=10").catch(none),
  ]);
  return { metrics, approvals: approvals.approvals ?? [], pending: pending.interactions ?? [], alerts: alerts.alerts ?? [], notices: inbox.notices ?? [] };
}

/** The targets of every task, each row with its task. */
function rowsOf(tasks: Record<string, Json[]>): Json[] {
  return Object.entries(tasks).flatMap(([task, rows]) => rows.map((row) => ({ ...row, task })));
}

/** A person without the roles for one part still sees the others; any other refusal is shown. */
function none(error: unknown): Json {
  if (error instanceof Problem && (error.status === 403 || error.status === 404)) return {};
  throw error;
}

export function Overview() {
  const loaded = useLoad(look);
  return (
    <>
      <h1>Overview</h1>
      <Shown loaded={loaded}>
        {(seen) => (
          <>
            <Cards metrics={seen.metrics} approvals={seen.approvals.length} interactions={seen.pending.length} />
            <NeedsYou approvals={seen.approvals} pending={seen.pending} />
            <News alerts={seen.alerts} notices={seen.notices} />
            <Serving serving={seen.metrics.serving ?? {}} />
          </>
        )}
      </Shown>
      <Targets />
    </>
  );
}

function Cards({ metrics, approvals, interactions }: { metrics: Json; approvals: number; interactions: number }) {
  const queues: [string, Json][] = Object.entries(metrics.queues ?? {});
  const waiting = queues.reduce((sum, [, row]) => sum + row.waiting, 0);
  const oldest = Math.max(0, ...queues.map(([, row]) => row.oldest_age_s ?? 0));
  const urgent = queues.reduce((sum, [, row]) => sum + (row.by_priority?.urgent ?? 0), 0);
  const automation = metrics.totals?.automation_rate ?? metrics.automation_rate;
  return (
    <div class="cards">
      <Card title="Reviews that wait" value={figure(waiting)} note={`${urgent} urgent`} link={href("reviews")} />
      <Card title="Oldest of them" value={waiting ? span(oldest) : "–"} note={`${metrics.leased ?? 0} in people's hands`} link={href("reviews")} />
      <Card title="Approvals that wait" value={figure(approvals)} note="for votes" link={href("approvals")} />
      <Card title="Questions to you" value={figure(interactions)} note="from workflows" link={href("workflows")} />
      {automation !== undefined ? <Card title="Decided by the model" value={percent(automation?.value ?? automation)} note="of all cases" link={href("analytics")} /> : null}
    </div>
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

function NeedsYou({ approvals, pending }: { approvals: Json[]; pending: Json[] }) {
  const rows = [
    ...approvals.map((row) => ({ what: row.title, kind: row.kind, until: row.expires_at, link: href("approvals", [row.approval_id]) })),
    ...pending.map((row) => ({ what: row.step_name, kind: row.pattern, until: Date.parse(row.expires_at) / 1000 || row.expires_at, link: href("workflows", [row.interaction_id]) })),
  ].sort((a, b) => a.until - b.until);
  return (
    <Table
      caption="Needs you: the soonest deadlines"
      empty="Nothing waits for you."
      rows={rows.slice(0, 5)}
      columns={[
        { title: "what", show: (row) => <a href={row.link}>{row.what}</a> },
        { title: "kind", show: (row) => String(row.kind).replaceAll("_", " ") },
        { title: "until", show: (row) => moment(row.until) },
      ]}
    />
  );
}

function Serving({ serving }: { serving: Record<string, Json> }) {
  return (
    <Table
      caption="Models that serve"
      empty="No model serves yet: every case goes to people."
      rows={Object.entries(serving)}
      columns={[
        { title: "task", show: ([task]) => <a href={href("experiments", [task])}>{task}</a> },
        { title: "generation", show: ([, row]) => row.generation, isNumber: true },
        { title: "version", show: ([, row]) => (row.versions ?? []).map(([digest, share]: [string, number]) => `${short(digest)} (${percent(share, 0)})`).join(", ") },
      ]}
    />
  );
}

/** Apart from the rest: they are worked out over all answers, which takes a while where there are many. */
function Targets() {
  const loaded = useLoad(() => get("/v1/targets").catch(none));
  return <Shown loaded={loaded}>{(found) => <TargetTable rows={rowsOf(found.tasks ?? {})} />}</Shown>;
}

function TargetTable({ rows }: { rows: Json[] }) {
  if (rows.length === 0) return null;
  return (
    <Table
      caption="Targets"
      file="targets"
      rows={rows}
      columns={[
        { title: "task", show: (row) => row.task, value: (row) => row.task },
        { title: "figure", show: (row) => words(String(row.name)), value: (row) => row.name },
        { title: "target", show: (row) => String(row.target ?? row.limit ?? "–"), value: (row) => row.target },
        { title: "measured", show: (row) => figure(row.value), value: (row) => row.value, isNumber: true },
        { title: "interval", show: (row) => (row.low === null || row.low === undefined ? "–" : `${figure(row.low)} – ${figure(row.high)}`), value: (row) => row.low },
        { title: "n", show: (row) => figure(row.n), value: (row) => row.n, isNumber: true },
        { title: "verdict", show: (row) => String(row.verdict ?? row.status ?? "").replaceAll("_", " "), value: (row) => row.verdict },
      ]}
    />
  );
}
