// Two requests for models side by side: what each was measured to be, figure by figure.
import { read } from "../api";
import type { ApprovalView } from "../api-types";
import { relative, short } from "../format";
import { useLoad } from "../load";
import { text } from "../messages";
import { href, place, restate } from "../router";
import { PageHead } from "../ui/page-head";
import { Empty, Shown } from "../ui/states";
import { Table } from "../ui/table";
import { between, Change, shown } from "./approval/key-figure";
import { recallsOf, summaryOf, type KeyFigure } from "./approval/verdict";

export function Compare({ task }: { task: string }) {
  const said = text.value.admin.compare;
  const loaded = useLoad(() => read("/v1/approvals", {}, { task, kind: "model_deployment", limit: 500 }), [task], ["approvals"]);
  return (
    <>
      <PageHead title={said.title(task)} crumbs={[[text.value.shell.pages.models, href("models", [task])]]} />
      <Shown loaded={loaded}>{({ approvals }) => (approvals.length < 2 ? <Empty>{said.tooFew}</Empty> : <Two task={task} all={[...approvals].reverse()} />)}</Shown>
    </>
  );
}

function Two({ task, all }: { task: string; all: ApprovalView[] }) {
  const said = text.value.admin.compare;
  const { query } = place.value;
  const pick = (name: string, at: number) => all.find((each) => each.approval_id === query.get(name)) ?? all[at];
  const [a, b] = [pick("a", 1), pick("b", 0)];
  if (!a || !b) return null;
  const choose = (some: Record<string, string>) => restate("models", [task, "compare"], { a: a.approval_id, b: b.approval_id, ...some });
  return (
    <>
      <p class="filters">
        <Version name="A" value={a} all={all} choose={(id) => choose({ a: id })} />
        <Version name="B" value={b} all={all} choose={(id) => choose({ b: id })} />
      </p>
      <Figures a={a} b={b} />
      <Labels a={a} b={b} />
      <p class="hint">{said.note}</p>
    </>
  );
}

function Version({ name, value, all, choose }: { name: string; value: ApprovalView; all: ApprovalView[]; choose: (id: string) => void }) {
  return (
    <label>
      {name}
      <select value={value.approval_id} onChange={(event) => choose(event.currentTarget.value)}>
        {all.map((each) => (
          <option key={each.approval_id} value={each.approval_id}>
            {each.title} · {short(each.digest)}
          </option>
        ))}
      </select>
    </label>
  );
}

interface Row {
  name: string;
  a: string;
  b: string;
  change: preact.ComponentChildren;
}

function Figures({ a, b }: { a: ApprovalView; b: ApprovalView }) {
  const said = text.value.admin.compare;
  const [first, second] = [summaryOf(a.evidence).figures, summaryOf(b.evidence).figures];
  const names = [...new Set([...first, ...second].map((each) => each.name))];
  const rows: Row[] = [
    { name: said.status, a: text.value.approvals.statuses[a.status] ?? a.status, b: text.value.approvals.statuses[b.status] ?? b.status, change: null },
    { name: said.requested, a: `${a.requested_by}, ${relative(a.requested_at)}`, b: `${b.requested_by}, ${relative(b.requested_at)}`, change: null },
    ...names.map((name) => figureRow(name, first, second)),
  ];
  return <Columns caption={said.figures} rows={rows} a={a} b={b} />;
}

function figureRow(name: KeyFigure["name"], first: KeyFigure[], second: KeyFigure[]): Row {
  const [a, b] = [first.find((each) => each.name === name), second.find((each) => each.name === name)];
  return { name: text.value.model.names[name], a: amountOf(a), b: amountOf(b), change: a && b ? <Change row={{ ...b, current: a.mine.value }} /> : "–" };
}

/** The value with its interval. */
function amountOf(found: KeyFigure | undefined): string {
  if (!found) return "–";
  return found.mine.low === null ? shown(found.mine.value, found.unit) : `${shown(found.mine.value, found.unit)} (${between(found.mine, found.unit)})`;
}

function Labels({ a, b }: { a: ApprovalView; b: ApprovalView }) {
  const [first, second] = [recallsOf(a.evidence), recallsOf(b.evidence)];
  const as = (recall: { mine: KeyFigure["mine"] } | undefined): KeyFigure | undefined => recall && { name: "accuracy", unit: "share", isBetterUp: true, mine: recall.mine, current: null };
  const names = [...new Set([...first, ...second].map((each) => each.label))];
  const rows = names.map((label) => {
    const [one, other] = [as(first.find((each) => each.label === label)), as(second.find((each) => each.label === label))];
    return { name: label, a: amountOf(one), b: amountOf(other), change: one && other ? <Change row={{ ...other, current: one.mine.value }} /> : "–" };
  });
  return rows.length > 0 ? <Columns caption={text.value.admin.compare.labels} rows={rows} a={a} b={b} /> : null;
}

function Columns({ caption, rows, a, b }: { caption: string; rows: Row[]; a: ApprovalView; b: ApprovalView }) {
  const said = text.value.admin.compare;
  return (
    <Table
      caption={caption}
      file={`compare-${short(a.digest)}-${short(b.digest)}`}
      rows={rows}
      rowKey={(row) => row.name}
      columns={[
        { title: said.what, show: (row) => row.name, value: (row) => row.name },
        { title: `A · ${short(a.digest)}`, show: (row) => row.a, value: (row) => row.a, isNumber: true },
        { title: `B · ${short(b.digest)}`, show: (row) => row.b, value: (row) => row.b, isNumber: true },
        { title: said.change, show: (row) => row.change, isNumber: true },
      ]}
    />
  );
}
