// What more labels brought: the held-out accuracy of every version that served.
import type { LearningPoint, TaskCurves } from "../api-types";
import { figure, moment, percent, short } from "../format";
import { text } from "../messages";
import { Chart, Missing } from "./chart";
import { estimate } from "./interval";
import { Plot } from "./plot";

export function Learning({ curves }: { curves: TaskCurves }) {
  const { points, missing } = curves.learning;
  const said = text.value.charts.learning;
  const [first, last] = [points[0], points[points.length - 1]];
  if (!first || !last) return <Missing title={said.title} why={missing ?? text.value.states.nothing} />;
  const rows = new Set(points.map((point) => point.held_out)).size;
  return (
    <Chart
      title={first === last ? said.first(percent(first.value)) : said.found(figure(first.labels), figure(last.labels), percent(first.value), percent(last.value))}
      basis={said.basis(figure(last.n)) + (rows > 1 ? `; ${said.sets(rows)}` : "")}
      rows={points}
      file="learning-curve"
      columns={[
        { title: text.value.charts.version, show: (point) => <code>{short(point.model)}</code>, value: (point) => point.model },
        { title: said.since, show: (point) => moment(point.at), value: (point) => point.at },
        { title: said.labels, show: (point) => figure(point.labels), value: (point) => point.labels, isNumber: true },
        ...estimate<LearningPoint>(said.accuracy, (point) => point),
      ]}
    >
      <Plot
        label={said.title}
        x={{ title: said.labels, min: 0, max: 1.05 * Math.max(...points.map((point) => point.labels)), show: (value) => figure(Math.round(value)) }}
        y={{ title: said.accuracy, min: floor(points), max: 1, show: (value) => percent(value) }}
        series={[{ name: "accuracy", shape: "both", marks: [...points].sort((a, b) => a.labels - b.labels).map((point) => ({ x: point.labels, y: point.value, low: point.low, high: point.high })) }]}
      />
    </Chart>
  );
}

function floor(points: LearningPoint[]): number {
  return Math.floor(10 * Math.min(...points.map((point) => point.low))) / 10;
}
