// How wrong the model would be for each share of cases that it decides: with the live threshold and a what-if slider.
import { useState } from "preact/hooks";
import type { Json } from "../api";
import { figure, percent } from "../format";
import { Chart } from "../ui/chart";

export function RiskCoverage({ curves }: { curves: Json }) {
  const rows: Json[] = curves.risk_coverage ?? [];
  const bins: Json[] = curves.reliability ?? [];
  return (
    <>
      {rows.length > 0 ? <WhatIf rows={rows} live={curves.threshold ?? null} /> : null}
      {bins.length > 0 ? (
        <Chart
          title={`Said confidence against what was right${curves.ece ? `: apart by ${percent(curves.ece.value ?? curves.ece)} on average` : ""}`}
          xLabel="confidence"
          yLabel="share right"
          file="reliability"
          yMax={1}
          xFormat={(x) => percent(x, 0)}
          yFormat={(y) => percent(y, 0)}
          series={[
            { name: "measured", points: bins.map((bin) => ({ x: bin.confidence, y: bin.accuracy, low: bin.low, high: bin.high })) },
            { name: "perfect", points: [{ x: 0, y: 0 }, { x: 1, y: 1 }] },
          ]}
        />
      ) : null}
    </>
  );
}

function WhatIf({ rows, live }: { rows: Json[]; live: number | null }) {
  const [at, setAt] = useState(Math.max(0, rows.findIndex((row) => live !== null && row.threshold >= live)));
  const row = rows[at] ?? rows[0];
  if (!row) return null;
  return (
    <Chart
      title={`With a threshold of ${figure(row.threshold)} the model would decide ${percent(row.coverage)} and be wrong in ${percent(row.risk, 2)} of them`}
      xLabel="share decided by the model"
      yLabel="wrong among them"
      file="risk-coverage"
      xFormat={(x) => percent(x, 0)}
      yFormat={(y) => percent(y, 1)}
      marker={{ x: row.coverage, label: "what if" }}
      series={[{ name: "risk", points: rows.map((each) => ({ x: each.coverage, y: each.risk, low: each.low, high: each.high })) }]}
    >
      <label>
        What if the threshold were <output>{figure(row.threshold)}</output>
        <input type="range" min={0} max={rows.length - 1} step={1} value={at} onInput={(event) => setAt(Number(event.currentTarget.value))} />
      </label>
    </Chart>
  );
}
