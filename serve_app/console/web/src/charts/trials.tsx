// The trials of a search: each a line over its parameters and its result; the best one stands out by its width and in the table.
import { figure, words } from "../format";
import { text } from "../messages";
import { numberAt, at as partAt } from "../pages/approval/evidence";
import { Chart } from "./chart";

const WIDTH = 560;
const HEIGHT = 260;
const EDGE = { side: 50, top: 30, bottom: 24 };
const METRIC = "log_loss";

interface Trial {
  params: Record<string, unknown>;
  log_loss: number;
  accuracy: number | null;
  seconds: number | null;
}

/** What was measured of a trial; nothing of one that failed. */
function measured(trial: unknown): Trial[] {
  const loss = numberAt(trial, METRIC);
  if (loss === null || partAt(trial, "failed") === true) return [];
  return [{ params: (partAt(trial, "params") ?? {}) as Record<string, unknown>, log_loss: loss, accuracy: numberAt(trial, "accuracy"), seconds: numberAt(trial, "seconds") }];
}

export function Trials({ title, trials }: { title: string; trials: unknown[] }) {
  const said = text.value.charts.trials;
  const done = trials.flatMap(measured);
  const best = done.reduce<Trial | null>((a, b) => (a === null || b.log_loss < a.log_loss ? b : a), null);
  if (best === null) return null;
  const names = [...new Set(done.flatMap((trial) => Object.keys(trial.params)))];
  const axes = [...names, METRIC];
  return (
    <Chart
      title={said.found(title, trials.length, figure(best.log_loss, 4))}
      basis={said.basis(trials.length, trials.length - done.length)}
      rows={[...done].sort((a, b) => a.log_loss - b.log_loss)}
      file="trials"
      columns={[
        ...names.map((name) => ({ title: words(name), show: (trial: Trial) => shown(trial.params[name]), value: (trial: Trial) => trial.params[name] })),
        { title: said.logLoss, show: (trial) => figure(trial.log_loss, 4), value: (trial) => trial.log_loss, isNumber: true },
        { title: said.accuracy, show: (trial) => figure(trial.accuracy, 4), value: (trial) => trial.accuracy, isNumber: true },
        { title: said.seconds, show: (trial) => figure(trial.seconds, 1), value: (trial) => trial.seconds, isNumber: true },
      ]}
    >
      <div class="scroll" role="region" aria-label={text.value.charts.picture(title)} tabIndex={0}>
        <svg class="plot" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={said.picture}>
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

function valueOf(trial: Trial, name: string): number | string {
  const value = name === METRIC ? trial.log_loss : trial.params[name];
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
