// What another threshold would do: how much the model would decide alone, how often it would err, and what is left for people.
import { useState } from "preact/hooks";
import type { RiskPoint, TaskCurves } from "../api-types";
import { figure, percent } from "../format";
import { text } from "../messages";
import { Chart, Missing } from "./chart";
import { basis, estimate, markOf, said as inWords, top } from "./interval";
import { Plot } from "./plot";

export function RiskCoverage({ curves }: { curves: TaskCurves }) {
  const points = curves.risk_coverage;
  const said = text.value.charts.risk;
  const widest = points[points.length - 1];
  if (!widest) return <Missing title={said.title} why={curves.missing ?? text.value.states.nothing} />;
  const live = thresholds(curves.live);
  const highest = top(points.map((point) => point.risk.high));
  return (
    <Chart
      title={finding(points, live[0])}
      basis={`${basis(widest.risk)}. ${said.basis}`}
      rows={points}
      file="risk-coverage"
      columns={[
        { title: said.threshold, show: (point) => figure(point.threshold, 4), value: (point) => point.threshold, isNumber: true },
        { title: said.coverage, show: (point) => percent(point.coverage), value: (point) => point.coverage, isNumber: true },
        ...estimate<RiskPoint>(said.wrong, (point) => point.risk),
      ]}
    >
      <Plot
        label={said.title}
        x={{ title: said.coverage, min: 0, max: 1, show: (value) => percent(value, 0) }}
        y={{ title: said.wrong, min: 0, max: highest, show: (value) => percent(value) }}
        series={[{ name: "risk", shape: "both", marks: points.flatMap((point) => markOf(point.coverage, point.risk)) }]}
        rules={live.map((each) => ({ text: said.inForce(each.text), x: coverageAt(points, each.threshold) }))}
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
function atOrAbove(points: RiskPoint[], threshold: number): number {
  return points.reduce((found, point, at) => (point.threshold >= threshold ? at : found), -1);
}

function coverageAt(points: RiskPoint[], threshold: number): number {
  return points[atOrAbove(points, threshold)]?.coverage ?? 0;
}

function finding(points: RiskPoint[], live: Live | undefined): string {
  const said = text.value.charts.risk;
  if (!live) return said.none;
  const point = points[atOrAbove(points, live.threshold)];
  if (!point) return said.sure(live.text);
  return said.found(live.text, percent(point.coverage, 0), inWords(point.risk));
}

function WhatIf({ points, start, casesPerHour }: { points: RiskPoint[]; start: number; casesPerHour: number | null }) {
  const [at, setAt] = useState(Math.max(0, atOrAbove(points, start)));
  const said = text.value.charts.risk;
  const point = points[Math.min(at, points.length - 1)];
  if (!point) return null;
  const reviews = casesPerHour === null ? "" : said.reviews(figure((1 - point.coverage) * casesPerHour, 1), figure(casesPerHour, 1));
  const told = said.says(figure(point.threshold, 4), percent(point.coverage), inWords(point.risk)) + reviews;
  return (
    <label class="what-if">
      {said.whatIf}
      <input type="range" min={0} max={points.length - 1} value={at} aria-valuetext={told} onInput={(event) => setAt(Number(event.currentTarget.value))} />
      <output>{told}</output>
    </label>
  );
}
