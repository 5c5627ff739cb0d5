// Whether confidence means what it says: on the line it is honest, below it the model is too sure.
import type { CalibrationBin, TaskCurves } from "../api-types";
import { figure, percent } from "../format";
import { text } from "../messages";
import { Chart, Missing } from "./chart";
import { basis, estimate, markOf, range } from "./interval";
import { Plot } from "./plot";

/** With fewer cases the picture shows single points, and the title claims nothing. */
const FEW = 100;

export function Reliability({ curves }: { curves: TaskCurves }) {
  const { bins, ece } = curves.reliability;
  const said = text.value.charts.calibration;
  if (bins.length === 0) return <Missing title={said.title} why={curves.missing ?? text.value.states.nothing} />;
  const share = (value: number) => percent(value, 0);
  return (
    <Chart
      title={ece.n < FEW ? said.few(figure(ece.n)) : said.found(percent(ece.value), range(ece))}
      basis={basis(ece)}
      rows={bins}
      file="reliability"
      columns={[
        { title: said.confidence, show: (bin) => `${share(bin.low)} – ${share(bin.high)}`, value: (bin) => `${bin.low}-${bin.high}` },
        { title: "Ø", show: (bin) => percent(bin.confidence), value: (bin) => bin.confidence, isNumber: true },
        ...estimate<CalibrationBin>(said.right, (bin) => bin.accuracy),
      ]}
    >
      <Plot
        label={said.title}
        x={{ title: said.confidence, min: 0, max: 1, show: share }}
        y={{ title: said.right, min: 0, max: 1, show: share }}
        series={[{ name: "right", shape: ece.n < FEW ? "dots" : "both", marks: bins.flatMap((bin) => markOf(bin.confidence, bin.accuracy)) }]}
        hasDiagonal
      />
    </Chart>
  );
}
