// The trials of a search: each a line over its parameters and its result; the best one stands out by its width and in the table.
import type { Json } from "../api";
import { figure, words } from "../format";
import { Chart } from "./chart";

const WIDTH = 560;
const HEIGHT = 260;
const EDGE = { side: 50, top: 30, bottom: 24 };
const METRIC = "log_loss";

export function Trials({ title, trials }: { title: string; trials: Json[] }) {
  const done = trials.filter((trial) => !trial.failed && typeof trial[METRIC] === "number");
  const best = done.reduce<Json | null>((a, b) => (a === null || b[METRIC] < a[METRIC] ? b : a), null);
  if (best === null) return null;
  const names = [...new Set(done.flatMap((trial) => Object.keys(trial.params ?? {})))];
  const axes = [...names, METRIC];
  return (
    <Chart
      title={`${title}: the best of ${trials.length} trials has a log loss of ${figure(best[METRIC], 4)}`}
      basis={`n = ${trials.length} trials${trials.length > done.length ? `, ${trials.length - done.length} failed` : ""}; cross-validated, without an interval`}
      rows={[...done].sort((a, b) => a[METRIC] - b[METRIC])}
      file="trials"
      columns={[
        ...names.map((name) => ({ title: words(name), show: (trial: Json) => shown(trial.params?.[name]), value: (trial: Json) => trial.params?.[name] })),
        { title: "log loss", show: (trial) => figure(trial[METRIC], 4), value: (trial) => trial[METRIC], isNumber: true },
        { title: "accuracy", show: (trial) => figure(trial.accuracy, 4), value: (trial) => trial.accuracy, isNumber: true },
        { title: "seconds", show: (trial) => figure(trial.seconds, 1), value: (trial) => trial.seconds, isNumber: true },
      ]}
    >
      <div class="scroll" role="region" aria-label="Trials: picture" tabIndex={0}>
        <svg class="plot" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label="Trials by their parameters and their log loss">
          {axes.map((name, at) => (
            <Axis key={name} name={name} x={placeOf(at, axes.length)} values={done.map((trial) => valueOf(trial, name))} />
          ))}
          {done.map((trial, at) => (
            <polyline key={at} class={trial === best ? "line best" : "line faint"} points={axes.map((name, where) => `${placeOf(where, axes.length)},${height(valueOf(trial, name), done.map((each) => valueOf(each, name)))}`).join(" ")} />
          ))}
        </svg>
      </div>
    </Chart>
  );
}

function Axis({ name, x, values }: { name: string; x: number; values: (number | string)[] }) {
  const numbers = values.filter((value): value is number => typeof value === "number");
  const [low, high] = numbers.length === values.length ? [figure(Math.min(...numbers), 4), figure(Math.max(...numbers), 4)] : [String([...values].sort()[0]), String([...values].sort().reverse()[0])];
  return (
    <g class="grid">
      <line x1={x} x2={x} y1={EDGE.top} y2={HEIGHT - EDGE.bottom} />
      <text x={x} y={12} text-anchor="middle" class="title">
        {words(name)}
      </text>
      <text x={x} y={EDGE.top - 5} text-anchor="middle">
        {high}
      </text>
      <text x={x} y={HEIGHT - 8} text-anchor="middle">
        {low}
      </text>
    </g>
  );
}

function valueOf(trial: Json, name: string): number | string {
  const value = name === METRIC ? trial[METRIC] : trial.params?.[name];
  return typeof value === "number" ? value : String(value ?? "–");
}

function placeOf(at: number, of: number): number {
  return EDGE.side + (at * (WIDTH - 2 * EDGE.side)) / Math.max(1, of - 1);
}

/** Numbers by their size, anything else by its place in the alphabet. */
function height(value: number | string, all: (number | string)[]): number {
  const order = [...new Set(all)].sort();
  const numbers = all.filter((each): each is number => typeof each === "number");
  const isNumeric = numbers.length === all.length;
  const [low, high] = isNumeric ? [Math.min(...numbers), Math.max(...numbers)] : [0, order.length - 1];
  const share = ((isNumeric ? (value as number) : order.indexOf(value)) - low) / (high - low || 1);
  return Math.round(HEIGHT - EDGE.bottom - share * (HEIGHT - EDGE.bottom - EDGE.top));
}

function shown(value: unknown): string {
  return typeof value === "number" ? figure(value, 5) : String(value ?? "–");
}
