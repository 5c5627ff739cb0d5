// Blind checks of automatic decisions over time, and the evidence that the model has become worse than its level.
import type { Json } from "../api";
import { figure, moment, percent } from "../format";
import { Chart, Missing } from "./chart";
import { estimate, top } from "./interval";
import { Plot } from "./plot";

export function Drift({ curves }: { curves: Json }) {
  const { segments, alarm_at, missing } = curves.drift as { segments: Record<string, Json[]>; alarm_at: number | null; missing: string };
  if (missing) return <Missing title="Whether the model drifts" why={missing} />;
  return (
    <>
      {Object.entries(segments).map(([name, path]) => (
        <Segment key={name} name={name} path={path} alarmAt={alarm_at} />
      ))}
    </>
  );
}

function Segment({ name, path, alarmAt }: { name: string; path: Json[]; alarmAt: number | null }) {
  const last = path[path.length - 1] as Json;
  const [from, to] = [path[0]?.from as number, last.to as number];
  const evidence = alarmAt === null ? "no risk level is set, so there is no alarm" : `evidence of drift ${figure(last.evidence, 1)}, the alarm is at ${figure(alarmAt)}`;
  const checks = path.reduce((sum, stretch) => sum + stretch.n, 0);
  return (
    <Chart
      title={`${name}: ${last.wrong} of the newest ${last.n} blind checks were wrong; ${evidence}`}
      basis={`n = ${figure(checks)} checks of automatic decisions in stretches, 95 % interval of each, ${String(last.method)}`}
      rows={path}
      file={`drift-${name}`}
      columns={[
        { title: "from", show: (row) => moment(row.from), value: (row) => row.from },
        { title: "to", show: (row) => moment(row.to), value: (row) => row.to },
        ...estimate<Json>("wrong", (row) => row),
        { title: "evidence of drift", show: (row) => figure(row.evidence, 2), value: (row) => row.evidence, isNumber: true },
      ]}
    >
      <Plot
        label={`Error of automatic decisions over time, ${name}`}
        x={{ title: "answered", min: from, max: to > from ? to : from + 1, show: (value) => new Date(1000 * value).toLocaleDateString() }}
        y={{ title: "wrong", min: 0, max: top(path.map((row) => row.high)), show: (value) => percent(value) }}
        series={[{ name: "wrong", shape: "both", marks: path.map((row) => ({ x: row.to, y: row.value, low: row.low, high: row.high })) }]}
      />
    </Chart>
  );
}
