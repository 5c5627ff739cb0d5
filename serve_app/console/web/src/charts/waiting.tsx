// How long cases wait, how many are answered by their deadline, how many wait now, and what a decision costs.
import type { Json } from "../api";
import { figure, percent, span } from "../format";
import { AmountBars } from "./bars";
import { Chart, Missing } from "./chart";
import { estimate, top } from "./interval";
import { Plot } from "./plot";

export function Percentiles({ curves }: { curves: Json }) {
  const { percentiles, missing } = curves.waiting as { percentiles: Json[]; missing: string };
  const middle = percentiles[0];
  if (!middle) return <Missing title="How long cases wait" why={missing} />;
  return (
    <Chart
      title={`Half of the cases have their answer within ${span(middle.value)}`}
      basis={`n = ${figure(middle.n)} cases that people decided, from opening to answer; 95 % interval by order statistics`}
      rows={percentiles}
      file="waiting"
      columns={[
        { title: "share of cases", show: (row) => percent(row.share, 0), value: (row) => row.share },
        ...estimate<Json>("seconds", (row) => row, (value) => figure(value, 1)),
      ]}
    >
      <AmountBars label="Waiting time that a share of the cases stays under" bars={percentiles.map((row) => ({ name: percent(row.share, 0), value: row.value, text: span(row.value) }))} />
    </Chart>
  );
}

export function Deadlines({ curves }: { curves: Json }) {
  const rows = Object.entries(curves.waiting.in_time as Record<string, Json>);
  if (rows.length === 0) return <Missing title="Which deadlines are kept" why={curves.waiting.missing ?? "no decided case has a deadline"} />;
  const worst = rows.reduce((a, b) => (b[1].value < a[1].value ? b : a));
  return (
    <Chart
      title={`${percent(worst[1].value)} of the cases of priority ${worst[0]} are answered in time${rows.length > 1 ? ", the fewest" : ""}`}
      basis={`n = ${figure(rows.reduce((sum, [, row]) => sum + row.n, 0))}, 95 % interval, ${String(worst[1].method)}`}
      rows={rows}
      file="deadlines"
      columns={[{ title: "priority", show: ([name]) => name, value: ([name]) => name }, ...estimate<[string, Json]>("in time", ([, row]) => row)]}
    >
      <AmountBars label="Share answered in time by priority" bars={rows.map(([name, row]) => ({ name, value: row.value, text: percent(row.value) }))} />
    </Chart>
  );
}

export function Depth({ queues }: { queues: Record<string, Json> }) {
  const rows = Object.entries(queues);
  const waiting = rows.reduce((sum, [, row]) => sum + row.waiting, 0);
  if (rows.length === 0) return <Missing title="What waits now" why="there is no queue" />;
  return (
    <Chart
      title={waiting === 0 ? "Nothing waits now" : `${figure(waiting)} cases wait now, the oldest for ${span(Math.max(...rows.map(([, row]) => row.oldest_age_s ?? 0)))}`}
      basis={`n = ${figure(waiting)}; a count, so there is no interval`}
      rows={rows}
      file="queues"
      columns={[
        { title: "queue", show: ([name]) => name, value: ([name]) => name },
        { title: "waiting", show: ([, row]) => figure(row.waiting), value: ([, row]) => row.waiting, isNumber: true },
        ...["urgent", "high", "normal", "low"].map((level) => ({ title: level, show: ([, row]: [string, Json]) => figure(row.by_priority[level] ?? 0), value: ([, row]: [string, Json]) => row.by_priority[level] ?? 0, isNumber: true })),
        { title: "leased", show: ([, row]) => figure(row.leased), value: ([, row]) => row.leased, isNumber: true },
        { title: "oldest", show: ([, row]) => span(row.oldest_age_s), value: ([, row]) => row.oldest_age_s },
      ]}
    >
      <AmountBars label="Cases that wait by queue" bars={rows.map(([name, row]) => ({ name, value: row.waiting, text: figure(row.waiting) }))} />
    </Chart>
  );
}

export function Cost({ quality }: { quality: Json }) {
  const cost = quality.figures?.cost_per_decision as Json | undefined;
  const days = ((quality.days ?? []) as Json[]).filter((day) => typeof day.cost_per_decision?.value === "number");
  if (!cost || typeof cost.value !== "number" || days.length === 0) return <Missing title="What a decision costs" why="no case has come yet" />;
  const dollars = (value: number | null) => (value === null ? "–" : `$ ${value.toFixed(3)}`);
  const [first, last] = [days[0]?.day as number, days[days.length - 1]?.day as number];
  return (
    <Chart
      title={`A decision costs ${dollars(cost.value)} (${dollars(cost.low)} – ${dollars(cost.high)})`}
      basis={`n = ${figure(cost.n)} cases, people's time and machines, 95 % interval, ${String(cost.method)}; by day`}
      rows={days}
      file="cost"
      columns={[{ title: "day", show: (day) => new Date(1000 * day.day).toLocaleDateString(), value: (day) => day.day }, ...estimate<Json>("cost", (day) => day.cost_per_decision, dollars)]}
    >
      <Plot
        label="Cost of a decision by day"
        x={{ title: "day", min: first, max: last > first ? last : first + 1, show: (value) => new Date(1000 * value).toLocaleDateString() }}
        y={{ title: "dollars", min: 0, max: top(days.map((day) => day.cost_per_decision.high), Number.MAX_VALUE), show: (value) => value.toFixed(2) }}
        series={[{ name: "cost", shape: "both", marks: days.map((day) => ({ x: day.day, y: day.cost_per_decision.value, low: day.cost_per_decision.low, high: day.cost_per_decision.high })) }]}
      />
    </Chart>
  );
}
