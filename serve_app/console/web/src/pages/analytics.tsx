// The figures with their intervals and n: what automation costs, how often it is wrong, and what another threshold would do.
import { get, read, type Json } from "../api";
import { Agreement } from "../charts/agreement";
import { Drift } from "../charts/drift";
import { Learning } from "../charts/learning";
import { Reliability } from "../charts/reliability";
import { RiskCoverage } from "../charts/risk-coverage";
import { Cost, Deadlines, Depth, Percentiles } from "../charts/waiting";
import { figure, percent } from "../format";
import { useLoad } from "../load";
import { Shown } from "../ui/states";
import { Table } from "../ui/table";
import { TaskPicker } from "../ui/task-picker";
import { Quality } from "./quality";

export function Analytics() {
  return (
    <>
      <h1>Analytics</h1>
      <TaskPicker page="analytics">{(task) => <OfTask key={task} task={task} />}</TaskPicker>
    </>
  );
}

/** Three answers, each shown when it is there: the figures of a large task take a while. */
function OfTask({ task }: { task: string }) {
  const curves = useLoad(() => read("/v1/quality/{task}/curves", { task }), [task]);
  const quality = useLoad(() => read("/v1/quality/{task}", { task }), [task]);
  const metrics = useLoad(() => get("/v1/metrics"));
  return (
    <>
      <div class="charts">
        <Shown loaded={curves}>{(found) => <Curves curves={found} />}</Shown>
        <Shown loaded={quality}>{(found) => <Cost quality={found} />}</Shown>
        <Shown loaded={metrics}>{(found) => <Depth queues={queuesOf(found.queues ?? {}, task)} />}</Shown>
      </div>
      <Shown loaded={quality}>{(found) => <Quality task={task} quality={found} />}</Shown>
      <Shown loaded={metrics}>{(found) => <Counts metrics={found} />}</Shown>
    </>
  );
}

function Curves({ curves }: { curves: Json }) {
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

function queuesOf(queues: Record<string, Json>, task: string): Record<string, Json> {
  return Object.fromEntries(Object.entries(queues).filter(([queue]) => queue === task || queue.startsWith(`${task}.`)));
}

function Counts({ metrics }: { metrics: Json }) {
  return (
    <Table
      caption="Reviews by task"
      file="reviews"
      rows={Object.entries((metrics.reviews ?? {}) as Record<string, Json>)}
      columns={[
        { title: "task", show: ([task]) => task, value: ([task]) => task },
        { title: "opened", show: ([, row]) => figure(row.opened), value: ([, row]) => row.opened, isNumber: true },
        { title: "decided", show: ([, row]) => figure(row.decided), value: ([, row]) => row.decided, isNumber: true },
        { title: "in time", show: ([, row]) => (row.decided ? percent(row.in_time / row.decided) : "–"), value: ([, row]) => row.in_time, isNumber: true },
        { title: "agreed with the model", show: ([, row]) => (row.decided ? percent(row.agreed / row.decided) : "–"), value: ([, row]) => row.agreed, isNumber: true },
        { title: "escalated", show: ([, row]) => figure(row.escalated), value: ([, row]) => row.escalated, isNumber: true },
        { title: "overdue", show: ([, row]) => figure(row.overdue), value: ([, row]) => row.overdue, isNumber: true },
      ]}
    />
  );
}
