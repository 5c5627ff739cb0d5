// One task's certified risk and unbiased figures. What nothing was observed of has no value.
import type { PublishedFigure, TargetVerdict, TaskQuality } from "../api-types";
import { isKnown, range } from "../charts/interval";
import { amount, figure, sentence } from "../format";
import { text } from "../messages";
import { Table } from "../ui/table";
import { Certificate } from "./certificate";

export function Quality({ task, quality }: { task: string; quality: TaskQuality }) {
  return (
    <>
      <Figures quality={quality} />
      <Certificate task={task} />
    </>
  );
}

interface Row {
  name: string;
  meaning: string;
  unit: string;
  figure: PublishedFigure;
}

/** Units that no target of the task names; every other figure is a share. */
const UNITS: Record<string, string> = { cost_per_decision: "dollars", review_latency: "hours", time_to_resolution: "hours", review_efficiency: "cases per hour", learning_acceleration: "ratio" };

function rowsOf({ figures, targets }: TaskQuality): Row[] {
  const known = new Map<string, TargetVerdict>(targets.map((target) => [target.name, target]));
  return Object.entries(figures).map(([name, found]) => ({ name, figure: found, meaning: known.get(name)?.meaning ?? "", unit: known.get(name)?.unit ?? UNITS[name] ?? "share" }));
}

function Figures({ quality }: { quality: TaskQuality }) {
  const said = text.value.quality;
  const show = (row: Row) => (value: number | null) => amount(value, row.unit);
  return (
    <Table
      caption={said.figures}
      file="quality"
      empty={said.none}
      rows={rowsOf(quality)}
      rowKey={(row) => row.name}
      columns={[
        { title: said.figure, show: (row) => <span title={row.meaning}>{sentence(row.name)}</span>, value: (row) => row.name },
        { title: said.value, show: (row) => (isKnown(row.figure) ? amount(row.figure.value, row.unit) : "–"), value: (row) => (isKnown(row.figure) ? row.figure.value : null), isNumber: true },
        { title: text.value.charts.interval, show: (row) => range(row.figure, show(row)), value: (row) => (isKnown(row.figure) ? row.figure.low : null), isNumber: true },
        { title: text.value.charts.cases, show: (row) => figure(row.figure.n), value: (row) => row.figure.n, isNumber: true },
      ]}
    />
  );
}
