// Training runs as MLflow has them; when MLflow is away this part says so and the rest of the page works.
import { read } from "../api";
import { amount, figure, sentence, short } from "../format";
import { useLoad } from "../load";
import { text } from "../messages";
import { Failure, Loading } from "../ui/states";
import { Table } from "../ui/table";
import { shown } from "./approval/key-figure";

const LIMIT = 50;
const SHOWN_METRICS = 6;

type Run = Record<string, string | number>;

/** Training logs under this name, calls of a feature under the bare one. */
function experimentOf(task: string): string {
  return `hitl-${task}`;
}

/** Of the metrics that a training logs; others have no unit here. */
const UNITS: Record<string, string> = { accuracy: "share", automatic_share: "share", champion_accuracy: "share", time_total_s: "s" };

function nameOf(key: string): string {
  return key.slice("metrics.".length);
}

function measured(name: string, value: number | null): string {
  const unit = UNITS[name];
  if (name === "log_loss") return shown(value, "nats");
  return unit === undefined ? figure(value, 4) : amount(value, unit);
}

export function Runs({ task }: { task: string }) {
  const loaded = useLoad(() => read("/api/v1/mlflow/tracking/runs/", {}, { feature: experimentOf(task), limit: LIMIT }), [task], ["learning"]);
  const said = text.value.admin.models;
  if (loaded.error) {
    return (
      <section>
        <h2>{said.runs}</h2>
        <p>{said.runsAway}</p>
        <Failure error={loaded.error} again={loaded.reload} />
      </section>
    );
  }
  if (!loaded.data) return <Loading />;
  const { runs } = loaded.data;
  const metrics = [...new Set(runs.flatMap((run) => Object.keys(run).filter((key) => key.startsWith("metrics."))))].slice(0, SHOWN_METRICS);
  const number = (run: Run, key: string) => (typeof run[key] === "number" ? (run[key] as number) : null);
  return (
    <Table
      caption={said.runs}
      file="runs"
      empty={said.runsNone}
      rows={runs}
      columns={[
        { title: said.run, show: (run: Run) => <code>{short(String(run.run_id))}</code>, value: (run: Run) => run.run_id },
        ...metrics.map((key) => ({ title: said.metrics[nameOf(key)] ?? sentence(nameOf(key)), show: (run: Run) => measured(nameOf(key), number(run, key)), value: (run: Run) => run[key], isNumber: true })),
        { title: said.status, show: (run: Run) => sentence(String(run["tags.status"] ?? run.status ?? "–")), value: (run: Run) => run["tags.status"] ?? run.status },
      ]}
    />
  );
}
