// Runs and trials as MLflow has them; when MLflow is away this part says so and the rest of the console works.
import { get, type Json } from "../api";
import { figure, short } from "../format";
import { useLoad } from "../load";
import { Failure, Loading } from "../ui/states";
import { Table } from "../ui/table";

const BASE = "/api/v1/mlflow/tracking";
const LIMIT = 50;

export function Runs({ task }: { task: string }) {
  const loaded = useLoad(async () => {
    const [health, found] = await Promise.all([get(`${BASE}/health/`), get(`${BASE}/runs/?feature=${encodeURIComponent(task)}&limit=${LIMIT}`)]);
    return { health, runs: (found as Json).runs as Json[] };
  }, [task]);
  if (loaded.error) {
    return (
      <section>
        <h2>Runs</h2>
        <p>MLflow cannot be read now. Decisions, reviews and approvals go on without it.</p>
        <Failure error={loaded.error} again={loaded.reload} />
      </section>
    );
  }
  if (!loaded.data) return <Loading />;
  const { health, runs } = loaded.data;
  const metrics = [...new Set(runs.flatMap((run) => Object.keys(run).filter((key) => key.startsWith("metrics."))))].slice(0, 6);
  return (
    <>
      {health.status && health.status !== "healthy" && health.status !== "ok" ? <p class="notice warning">MLflow: {String(health.status)}</p> : null}
      <Table
        caption="Runs"
        file="runs"
        empty="No run is recorded under this name."
        rows={runs}
        columns={[
          { title: "run", show: (run) => <code>{short(run.run_id)}</code>, value: (run) => run.run_id },
          ...metrics.map((key) => ({ title: key.slice("metrics.".length), show: (run: Json) => figure(run[key], 4), value: (run: Json) => run[key], isNumber: true })),
          { title: "status", show: (run) => String(run["tags.status"] ?? run.status ?? "–"), value: (run) => run["tags.status"] ?? run.status },
        ]}
      />
    </>
  );
}
