// Whether confidence means what it says: on the line it is honest, below it the model is too sure.
import type { Json } from "../api";
import { percent } from "../format";
import { Chart, Missing } from "./chart";
import { basis, estimate } from "./interval";
import { Plot } from "./plot";

export function Reliability({ curves }: { curves: Json }) {
  const { bins, ece } = curves.reliability as { bins: Json[]; ece: Json };
  if (bins.length === 0) return <Missing title="Whether confidence means what it says" why={curves.missing} />;
  const share = (value: number) => percent(value, 0);
  return (
    <Chart
      title={`Confidence is off by ${percent(ece.value)} on average (ECE)`}
      basis={`at most ${percent(ece.high)}; ${basis(ece)}`}
      rows={bins}
      file="reliability"
      columns={[
        { title: "confidence", show: (bin) => `${share(bin.low)} – ${share(bin.high)}`, value: (bin) => `${bin.low}-${bin.high}` },
        { title: "said", show: (bin) => percent(bin.confidence), value: (bin) => bin.confidence, isNumber: true },
        ...estimate<Json>("right", (bin) => bin.accuracy),
      ]}
    >
      <Plot
        label="Share that is right by confidence"
        x={{ title: "what the model says", min: 0, max: 1, show: share }}
        y={{ title: "share that is right", min: 0, max: 1, show: share }}
        series={[{ name: "right", shape: "both", marks: bins.map((bin) => ({ x: bin.confidence, y: bin.accuracy.value, low: bin.accuracy.low, high: bin.accuracy.high })) }]}
        hasDiagonal
      />
    </Chart>
  );
}
