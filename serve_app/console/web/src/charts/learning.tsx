// What more labels brought: the held-out accuracy of every version that served.
import type { Json } from "../api";
import { figure, moment, percent, short } from "../format";
import { Chart, Missing } from "./chart";
import { estimate } from "./interval";
import { Plot } from "./plot";

export function Learning({ curves }: { curves: Json }) {
  const { points, missing } = curves.learning as { points: Json[]; missing: string };
  const [first, last] = [points[0], points[points.length - 1]];
  if (!first || !last) return <Missing title="What more labels brought" why={missing} />;
  const rows = new Set(points.map((point) => point.held_out)).size;
  return (
    <Chart
      title={first === last ? `The first version is right in ${percent(first.value)} of held-out rows` : `From ${figure(first.labels)} to ${figure(last.labels)} labels accuracy went from ${percent(first.value)} to ${percent(last.value)}`}
      basis={`n = ${figure(last.n)} held-out rows, 95 % interval${rows > 1 ? `; measured on ${rows} different sets of rows, so not all points compare` : ""}`}
      rows={points}
      file="learning-curve"
      columns={[
        { title: "version", show: (point) => <code>{short(point.model)}</code>, value: (point) => point.model },
        { title: "serves since", show: (point) => moment(point.at), value: (point) => point.at },
        { title: "labels", show: (point) => figure(point.labels), value: (point) => point.labels, isNumber: true },
        ...estimate<Json>("accuracy", (point) => point),
      ]}
    >
      <Plot
        label="Held-out accuracy by number of labels"
        x={{ title: "labels it learned from", min: 0, max: 1.05 * Math.max(...points.map((point) => point.labels)), show: (value) => figure(Math.round(value)) }}
        y={{ title: "held-out accuracy", min: floor(points), max: 1, show: (value) => percent(value) }}
        series={[{ name: "accuracy", shape: "both", marks: [...points].sort((a, b) => a.labels - b.labels).map((point) => ({ x: point.labels, y: point.value, low: point.low, high: point.high })) }]}
      />
    </Chart>
  );
}

function floor(points: Json[]): number {
  return Math.floor(10 * Math.min(...points.map((point) => point.low))) / 10;
}
