// How long cases wait, how many are answered by their deadline, how many wait now, and what a decision costs.
import type { Interval, PublishedFigure, QueueDepth, TaskCurves, TaskQuality, WaitQuantile } from "../api-types";
import { dayOf, dollars, figure, percent, span } from "../format";
import { text } from "../messages";
import { titleOf } from "../pages/queue-names";
import { may } from "../session";
import { casesOf } from "../ui/time-range";
import { AmountBars } from "./bars";
import { Chart, Missing } from "./chart";
import { estimate, isKnown, markOf, range, top } from "./interval";
import { Plot } from "./plot";

export function Percentiles({ curves }: { curves: TaskCurves }) {
  const { percentiles, missing } = curves.waiting;
  const said = text.value.charts.waiting;
  const middle = percentiles[0];
  if (!middle) return <Missing title={said.title} why={missing ?? text.value.states.nothing} />;
  return (
    <Chart
      title={said.found(span(middle.value))}
      basis={said.basis(figure(middle.n))}
      rows={percentiles}
      file="waiting"
      columns={[
        { title: said.share, show: (row) => percent(row.share, 0), value: (row) => row.share },
        ...estimate<WaitQuantile>(said.time, (row) => row, (value) => span(value)),
      ]}
    >
      <AmountBars label={said.bars} bars={percentiles.map((row) => ({ name: percent(row.share, 0), value: row.value ?? 0, text: span(row.value) }))} />
    </Chart>
  );
}

export function Deadlines({ curves }: { curves: TaskCurves }) {
  const rows = Object.entries(curves.waiting.in_time).filter(([, row]) => isKnown(row));
  const said = text.value.charts.sla;
  if (rows.length === 0) return <Missing title={said.title} why={curves.waiting.missing ?? said.none} />;
  const worst = rows.reduce((a, b) => ((b[1].value ?? 0) < (a[1].value ?? 0) ? b : a));
  return (
    <Chart
      title={worst[1].value === 1 ? said.all : said.found(percent(worst[1].value), worst[0])}
      basis={text.value.charts.basis(figure(rows.reduce((sum, [, row]) => sum + row.n, 0)), "95%", worst[1].method)}
      rows={rows}
      file="deadlines"
      columns={[{ title: said.priority, show: ([name]) => name, value: ([name]) => name }, ...estimate<[string, Interval]>(said.inTime, ([, row]) => row)]}
    >
      <AmountBars label={said.inTime} bars={rows.map(([name, row]) => ({ name, value: row.value ?? 0, text: percent(row.value) }))} />
    </Chart>
  );
}

export function Depth({ queues }: { queues: Record<string, QueueDepth> }) {
  const rows = Object.entries(queues);
  const said = text.value.charts.depth;
  const words = text.value.review;
  const waiting = rows.reduce((sum, [, row]) => sum + row.waiting, 0);
  if (rows.length === 0) return <Missing title={said.title} why={said.noQueue} />;
  return (
    <Chart
      title={waiting === 0 ? said.none : said.found(figure(waiting), span(Math.max(...rows.map(([, row]) => row.oldest_age_s ?? 0))))}
      basis={said.count}
      rows={rows}
      file="queues"
      columns={[
        { title: words.queue, show: ([name]) => titleOf(name), value: ([name]) => name },
        { title: words.waiting, show: ([, row]) => figure(row.waiting), value: ([, row]) => row.waiting, isNumber: true },
        ...["urgent", "high", "normal", "low"].map((level) => ({ title: words.priorities[level] ?? level, show: ([, row]: [string, QueueDepth]) => figure(row.by_priority[level] ?? 0), value: ([, row]: [string, QueueDepth]) => row.by_priority[level] ?? 0, isNumber: true })),
        { title: words.inProgress, show: ([, row]) => figure(row.leased), value: ([, row]) => row.leased, isNumber: true },
        { title: words.oldest, show: ([, row]) => span(row.oldest_age_s), value: ([, row]) => row.oldest_age_s },
      ]}
    >
      <AmountBars label={said.title} bars={rows.map(([name, row]) => ({ name: titleOf(name), value: row.waiting, text: figure(row.waiting) }))} />
    </Chart>
  );
}

const DAY_S = 86_400;

interface CostOfDay {
  day: number;
  cost: PublishedFigure;
}

function costsOf(quality: TaskQuality): CostOfDay[] {
  return quality.days.flatMap(({ day, cost_per_decision: cost }) => (typeof day === "number" && typeof cost === "object" && cost.value !== null ? [{ day, cost }] : []));
}

/** The UTC day, with its cases behind it for who may see them. */
function Day({ task, at }: { task: string; at: number }) {
  const day = dayOf(at);
  return may("see_cases") ? <a href={casesOf(task, { since: at, until: at + DAY_S })}>{day}</a> : <>{day}</>;
}

export function Cost({ quality }: { quality: TaskQuality }) {
  const said = text.value.charts.cost;
  const cost = quality.figures.cost_per_decision;
  const days = costsOf(quality);
  const [first, last] = [days[0]?.day, days[days.length - 1]?.day];
  if (!cost || !isKnown(cost) || first === undefined || last === undefined) return <Missing title={said.title} why={said.none} />;
  return (
    <Chart
      title={said.found(dollars(cost.value), range(cost, dollars))}
      basis={`${said.basis(figure(cost.n))}, ${cost.method}`}
      rows={days}
      file="cost"
      columns={[{ title: text.value.charts.day, show: (day) => <Day task={quality.task} at={day.day} />, value: (day) => day.day }, ...estimate<CostOfDay>(said.title, (day) => day.cost, dollars)]}
    >
      <Plot
        label={said.title}
        x={{ title: text.value.charts.day, min: first, max: last > first ? last : first + 1, show: dayOf }}
        y={{ title: said.dollars, min: 0, max: top(days.map((day) => day.cost.high), Number.MAX_VALUE), show: dollars }}
        series={[{ name: "cost", shape: "both", marks: days.flatMap((day) => markOf(day.day, day.cost)) }]}
      />
    </Chart>
  );
}
