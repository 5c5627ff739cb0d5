// The targets of each task with their verdicts, of all time or of a chosen one beside the time before.
import { read } from "../api";
import type { TargetVerdict } from "../api-types";
import { amount, amounts, figure, inside, sentence } from "../format";
import { text } from "../messages";
import { Chip, toneOf } from "../ui/chip";
import { Failure, Shown } from "../ui/states";
import { Table } from "../ui/table";
import { TimeRange } from "../ui/time-range";
import { useCompared } from "./compared";
import { changeOf } from "./quality";

/** Worked out over all answers, which takes a while where there are many. What nothing was observed of has no value. */
export function Targets() {
  const { now, earlier } = useCompared((period) => read("/v1/targets", {}, { ...period }), [], ["approvals"]);
  const said = text.value.operations;
  return (
    <section aria-label={said.targets}>
      <h2>{said.targets}</h2>
      <TimeRange task={null} period={now.data?.period ?? null} />
      {earlier.error ? <Failure error={earlier.error} again={earlier.reload} /> : null}
      <Shown loaded={now}>
        {({ tasks }) =>
          Object.entries(tasks).map(([task, rows]) => (
            <details key={task} class="targets panel" open={rows.some((row) => row.n > 0)}>
              <summary>
                {said.targets}: {task} <Verdicts rows={rows} />
              </summary>
              <TargetTable task={task} rows={rows} earlier={earlier.data?.tasks[task] ?? null} />
            </details>
          ))
        }
      </Shown>
    </section>
  );
}

function Verdicts({ rows }: { rows: TargetVerdict[] }) {
  const said = text.value.operations.verdicts;
  const counts = ["met", "missed", "not enough evidence"].map((verdict) => ({ verdict, count: rows.filter((row) => verdictOf(row) === verdict).length }));
  return (
    <span class="chips">
      {counts.filter(({ count }) => count > 0).map(({ verdict, count }) => (
        <Chip key={verdict} tone={toneOf(verdict)}>
          {count} {inside(said[verdict] ?? verdict)}
        </Chip>
      ))}
    </span>
  );
}

/** Without a single observation no target is met, whatever is assumed. */
function verdictOf(row: TargetVerdict): string {
  return row.n === 0 ? "not enough evidence" : row.verdict;
}

function TargetTable({ task, rows, earlier }: { task: string; rows: TargetVerdict[]; earlier: TargetVerdict[] | null }) {
  const said = text.value.operations;
  const words = text.value.charts.range;
  const was = (row: TargetVerdict) => earlier?.find(({ name }) => name === row.name);
  return (
    <Table
      caption={`${said.targets}: ${task}`}
      file={`targets-${task}`}
      rows={rows}
      rowKey={(row) => row.name}
      columns={[
        { title: said.what, show: (row) => <span title={row.meaning}>{sentence(row.name)}</span>, value: (row) => row.name },
        { title: said.target, show: (row) => (row.direction === "at_least" ? said.atLeast(amount(row.target, row.unit)) : said.atMost(amount(row.target, row.unit))), value: (row) => row.target, isNumber: true },
        { title: said.measured, show: measured, value: (row) => (row.n === 0 ? null : row.value), isNumber: true },
        { title: said.interval, show: (row) => intervalOf(row), value: (row) => (row.n === 0 ? null : row.low), isNumber: true },
        { title: said.cases, show: (row) => figure(row.n), value: (row) => row.n, isNumber: true },
        ...(earlier === null
          ? []
          : [
              { title: words.before, show: (row: TargetVerdict) => measured(was(row)), value: (row: TargetVerdict) => was(row)?.value, isNumber: true },
              { title: words.change, show: (row: TargetVerdict) => changeOf(row, was(row), row.unit), isNumber: true },
            ]),
        { title: said.verdict, show: (row) => <Chip tone={toneOf(verdictOf(row))}>{said.verdicts[verdictOf(row)] ?? row.verdict}</Chip>, value: verdictOf },
      ]}
    />
  );
}

function measured(row: TargetVerdict | undefined): string {
  return row === undefined || row.n === 0 ? "–" : amount(row.value, row.unit);
}

function intervalOf(row: TargetVerdict): string {
  if (row.n === 0 || row.value === null || row.high === null || row.low === row.high) return "–";
  return amounts(row.low, row.high, row.unit);
}
