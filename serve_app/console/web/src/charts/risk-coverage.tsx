// What another threshold would do: how much the model would decide alone, how often it would err, and what is left for people.
import { useState } from "preact/hooks";
import type { Json } from "../api";
import { figure, percent } from "../format";
import { Chart, Missing } from "./chart";
import { basis, estimate, said, top } from "./interval";
import { Plot } from "./plot";

export function RiskCoverage({ curves }: { curves: Json }) {
  const points: Json[] = curves.risk_coverage;
  if (points.length === 0) return <Missing title="What another threshold would do" why={curves.missing} />;
  const live = thresholds(curves.live);
  const highest = top(points.map((point) => point.risk.high));
  return (
    <Chart
      title={finding(points, live[0])}
      basis={`${basis(points[points.length - 1]?.risk ?? {})}; blind answers, each weighted by one over its probability, to the version that serves. Each interval holds for its own point.`}
      rows={points}
      file="risk-coverage"
      columns={[
        { title: "threshold", show: (point) => figure(point.threshold, 4), value: (point) => point.threshold, isNumber: true },
        { title: "decided by the model", show: (point) => percent(point.coverage), value: (point) => point.coverage, isNumber: true },
        ...estimate<Json>("wrong", (point) => point.risk),
      ]}
    >
      <Plot
        label="Risk by coverage"
        x={{ title: "share that the model decides alone", min: 0, max: 1, show: (value) => percent(value, 0) }}
        y={{ title: "wrong among them", min: 0, max: highest, show: (value) => percent(value) }}
        series={[{ name: "risk", shape: "both", marks: points.map((point) => ({ x: point.coverage, y: point.risk.value, low: point.risk.low, high: point.risk.high })) }]}
        rules={live.map((each) => ({ text: `in force: ${each.text}`, x: coverageAt(points, each.threshold) }))}
      />
      <WhatIf points={points} start={live[0]?.threshold ?? 1} casesPerHour={curves.cases_per_hour} />
    </Chart>
  );
}

interface Live {
  threshold: number;
  text: string;
}

function thresholds(live: Record<string, number | null>): Live[] {
  const set = Object.entries(live).filter((pair): pair is [string, number] => pair[1] !== null);
  return set.map(([segment, threshold]) => ({ threshold, text: (set.length > 1 ? `${segment} ` : "") + figure(threshold, 3) }));
}

/** The last point whose threshold is not under `threshold`: what is decided alone there. */
function atOrAbove(points: Json[], threshold: number): number {
  return points.reduce((found, point, at) => (point.threshold >= threshold ? at : found), -1);
}

function coverageAt(points: Json[], threshold: number): number {
  return points[atOrAbove(points, threshold)]?.coverage ?? 0;
}

function finding(points: Json[], live: Live | undefined): string {
  if (!live) return "No threshold is in force: people decide all cases";
  const point = points[atOrAbove(points, live.threshold)];
  if (!point) return `No checked case was as sure as the threshold ${live.text}`;
  return `At the threshold ${live.text} the model decides ${percent(point.coverage, 0)} and errs in ${percent(point.risk.value)} of them`;
}

function WhatIf({ points, start, casesPerHour }: { points: Json[]; start: number; casesPerHour: number | null }) {
  const [at, setAt] = useState(Math.max(0, atOrAbove(points, start)));
  const point = points[Math.min(at, points.length - 1)] as Json;
  const reviews = casesPerHour === null ? "" : `; ${figure((1 - point.coverage) * casesPerHour, 1)} reviews an hour at ${figure(casesPerHour, 1)} cases`;
  const text = `above ${figure(point.threshold, 4)} the model decides ${percent(point.coverage)}, wrong ${said(point.risk)}${reviews}`;
  return (
    <label class="what-if">
      What if the threshold were another one?
      <input type="range" min={0} max={points.length - 1} value={at} aria-valuetext={text} onInput={(event) => setAt(Number(event.currentTarget.value))} />
      <output>{text}</output>
    </label>
  );
}
