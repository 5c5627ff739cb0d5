// One task's certified risk and unbiased figures. What nothing was observed of has no value.
import type { PublishedFigure, TargetVerdict, TaskQuality } from "../api-types";
import { isKnown, range, rangeOf, type Estimated } from "../charts/interval";
import { amount, figure, points, sentence } from "../format";
import { text } from "../messages";
import { Table } from "../ui/table";
import { Certificate } from "./certificate";

/** `earlier`: the same figures of the time before, where they are compared. */
export function Quality({ task, quality, earlier }: { task: string; quality: TaskQuality; earlier: TaskQuality | null }) {
  return (
    <>
      <Figures quality={quality} earlier={earlier} />
      <Parts quality={quality} />
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

/** The change in the figure's own unit, of shares in percentage points; a dash where either is not known. */
export function changeOf(now: Estimated, was: Estimated | undefined, unit: string): string {
  if (!was || !isKnown(now) || !isKnown(was) || now.value === null || was.value === null) return "–";
  const change = now.value - was.value;
  if (unit === "share") return text.value.quality.proof.points(points(change, 1));
  return `${change > 0 ? "+" : change < 0 ? "−" : ""}${amount(Math.abs(change), unit)}`;
}

interface PartRow {
  part: string;
  name: string;
  figure: PublishedFigure;
}

/** The figures of each field or label of an answer; nothing where an answer has one part. */
function Parts({ quality }: { quality: TaskQuality }) {
  const said = text.value.quality;
  const rows: PartRow[] = Object.entries(quality.parts).flatMap(([part, found]) => Object.entries(found).map(([name, figure]) => ({ part, name, figure })));
  if (rows.length === 0) return null;
  return (
    <Table
      caption={said.parts}
      file="quality-parts"
      empty={said.none}
      rows={rows}
      rowKey={(row) => `${row.part}/${row.name}`}
      columns={[
        { title: said.part, show: (row) => row.part, value: (row) => row.part },
        { title: said.figure, show: (row) => sentence(row.name), value: (row) => row.name },
        { title: said.value, show: (row) => (isKnown(row.figure) ? amount(row.figure.value, "share") : "–"), value: (row) => (isKnown(row.figure) ? row.figure.value : null), isNumber: true },
        { title: text.value.charts.interval, show: (row) => range(row.figure, (value) => amount(value, "share")), value: (row) => (isKnown(row.figure) ? row.figure.low : null), isNumber: true },
        { title: text.value.charts.cases, show: (row) => figure(row.figure.n), value: (row) => row.figure.n, isNumber: true },
      ]}
    />
  );
}

function Figures({ quality, earlier }: { quality: TaskQuality; earlier: TaskQuality | null }) {
  const said = text.value.quality;
  const words = text.value.charts.range;
  const was = (row: Row) => earlier?.figures[row.name];
  const before = (row: Row) => {
    const found = was(row);
    return found && isKnown(found) ? amount(found.value, row.unit) : "–";
  };
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
        { title: text.value.charts.interval, show: (row) => rangeOf(row.figure, row.unit), value: (row) => (isKnown(row.figure) ? row.figure.low : null), isNumber: true },
        { title: text.value.charts.cases, show: (row) => figure(row.figure.n), value: (row) => row.figure.n, isNumber: true },
        ...(earlier === null
          ? []
          : [
              { title: words.before, show: before, value: (row: Row) => was(row)?.value, isNumber: true },
              { title: words.change, show: (row: Row) => changeOf(row.figure, was(row), row.unit), isNumber: true },
            ]),
      ]}
    />
  );
}
