// The figures with their intervals and cases: what automation costs, how often it is wrong, and what another threshold would do.
import { read } from "../api";
import type { QueueDepth, TaskCurves } from "../api-types";
import { Agreement } from "../charts/agreement";
import { Drift } from "../charts/drift";
import { Learning } from "../charts/learning";
import { Reliability } from "../charts/reliability";
import { RiskCoverage } from "../charts/risk-coverage";
import { Cost, Deadlines, Depth, Percentiles } from "../charts/waiting";
import { figure, percent } from "../format";
import { useLoad } from "../load";
import { text } from "../messages";
import { place } from "../router";
import { PageHead } from "../ui/page-head";
import { Failure, Shown } from "../ui/states";
import { Table } from "../ui/table";
import { TaskPicker } from "../ui/task-picker";
import { TimeRange } from "../ui/time-range";
import { useCompared, useOfTime } from "./compared";
import { Quality } from "./quality";
import { rangeOf } from "./time-range";

export function Analytics() {
  return (
    <>
      <PageHead title={text.value.shell.pages.analytics} />
      <TaskPicker page="analytics">{(task) => <OfTask key={task} task={task} />}</TaskPicker>
    </>
  );
}

/** Answers of their own, each shown when it is there: the figures of a large task take a while. */
function OfTask({ task }: { task: string }) {
  const curves = useOfTime((period) => read("/v1/quality/{task}/curves", { task }, { ...period }), [task], ["approvals"]);
  const { now: quality, earlier: compared } = useCompared((period) => read("/v1/quality/{task}", { task }, { ...period }), [task], ["approvals"]);
  const queues = useLoad(() => read("/v1/queues"), [], ["reviews"]);
  const metrics = useLoad(() => read("/v1/metrics"), [], ["approvals"]);
  return (
    <>
      <TimeRange task={task} period={quality.data?.period ?? null} />
      {rangeOf(place.value.query) === "all" ? null : <p class="hint">{text.value.charts.range.others}</p>}
      {compared.error ? <Failure error={compared.error} again={compared.reload} /> : null}
      <Shown loaded={quality}>{(found) => <Quality task={task} quality={found} earlier={compared.data ?? null} />}</Shown>
      <div class="charts">
        <Shown loaded={curves}>{(found) => <Curves curves={found} />}</Shown>
        <Shown loaded={quality}>{(found) => <Cost quality={found} />}</Shown>
        <Shown loaded={queues}>{(found) => <Depth queues={queuesOf(found.queues, task)} />}</Shown>
      </div>
      <Shown loaded={metrics}>{(found) => <Counts reviews={found.reviews} />}</Shown>
    </>
  );
}

function Curves({ curves }: { curves: TaskCurves }) {
  return (
    <>
      <RiskCoverage key={curves.model} curves={curves} />
      <Reliability curves={curves} />
      <Learning curves={curves} />
      <Drift curves={curves} />
      <Agreement curves={curves} />
      <Percentiles curves={curves} />
      <Deadlines curves={curves} />
    </>
  );
}

function queuesOf(queues: Record<string, QueueDepth>, task: string): Record<string, QueueDepth> {
  return Object.fromEntries(Object.entries(queues).filter(([queue]) => queue === task || queue.startsWith(`${task}.`)));
}

type Counters = Record<string, number>;

/** A share of what was counted; nothing where nothing was. */
function share(part: number | undefined, whole: number | undefined): string {
  return whole ? percent((part ?? 0) / whole) : "–";
}

function Counts({ reviews }: { reviews: Record<string, Counters> }) {
  const said = text.value.quality;
  return (
    <Table
      caption={said.byTask}
      file="reviews"
      rows={Object.entries(reviews)}
      columns={[
        { title: said.task, show: ([task]) => task, value: ([task]) => task },
        { title: said.opened, show: ([, row]) => figure(row.opened), value: ([, row]) => row.opened, isNumber: true },
        { title: said.decided, show: ([, row]) => figure(row.decided), value: ([, row]) => row.decided, isNumber: true },
        { title: said.inTime, show: ([, row]) => share(row.in_time, row.decided), value: ([, row]) => row.in_time, isNumber: true },
        { title: said.agreed, show: ([, row]) => <span title={said.agreedHint}>{row.compared === undefined ? figure(row.agreed) : share(row.agreed, row.compared)}</span>, value: ([, row]) => row.agreed, isNumber: true },
        { title: said.escalated, show: ([, row]) => figure(row.escalated), value: ([, row]) => row.escalated, isNumber: true },
        { title: said.overdue, show: ([, row]) => figure(row.overdue), value: ([, row]) => row.overdue, isNumber: true },
      ]}
    />
  );
}
