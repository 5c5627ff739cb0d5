// One task's certified risk and unbiased figures. What has no evidence yet says so.
import { read, type Json } from "../api";
import { figure, percent, words } from "../format";
import { useLoad } from "../load";
import { Tree } from "../ui/facts";
import { Shown } from "../ui/states";
import { Table } from "../ui/table";

export function Quality({ task, quality }: { task: string; quality: Json }) {
  const loaded = useLoad(() => read("/v1/quality/{task}/certificate", { task }), [task]);
  return (
    <>
      <Shown loaded={loaded}>
        {(certificate) => (
          <details>
            <summary>What lets the model decide alone, or what is missing</summary>
            <Tree value={certificate} />
          </details>
        )}
      </Shown>
      <Figures rows={rowsOf(quality.figures ?? {})} />
    </>
  );
}

/** Everything in the answer that is an estimate: an object with a value and its n. */
function rowsOf(found: Json, path = ""): Json[] {
  return Object.entries(found).flatMap(([name, value]) => {
    if (value === null || typeof value !== "object" || Array.isArray(value)) return [];
    const at = path ? `${path} · ${words(name)}` : words(name);
    return "n" in value && ("value" in value || "estimate" in value) ? [{ name: at, ...value }] : rowsOf(value as Json, at);
  });
}

/** Dollars, hours and cases an hour; every other figure is a share. */
const AMOUNTS = new Set(["cost per decision", "review latency", "time to resolution", "review efficiency"]);

function Figures({ rows }: { rows: Json[] }) {
  const share = (row: Json, value: unknown) => (typeof value !== "number" ? "–" : AMOUNTS.has(row.name) ? figure(value) : percent(value, 2));
  return (
    <Table
      caption="Figures, each with its interval"
      file="quality"
      empty="No figures yet: people have checked nothing of this task."
      rows={rows}
      columns={[
        { title: "figure", show: (row) => row.name, value: (row) => row.name },
        { title: "value", show: (row) => share(row, row.value ?? row.estimate), value: (row) => row.value ?? row.estimate, isNumber: true },
        { title: "from", show: (row) => share(row, row.low), value: (row) => row.low, isNumber: true },
        { title: "to", show: (row) => share(row, row.high), value: (row) => row.high, isNumber: true },
        { title: "n", show: (row) => figure(row.n), value: (row) => row.n, isNumber: true },
      ]}
    />
  );
}
