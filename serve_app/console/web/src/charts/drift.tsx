// Blind checks of automatic decisions over time, and the evidence that the model has become worse than its level.
import type { DriftStretch, TaskCurves } from "../api-types";
import { figure, moment, percent } from "../format";
import { text } from "../messages";
import { Chart, Missing } from "./chart";
import { estimate, markOf, top } from "./interval";
import { Plot } from "./plot";

export function Drift({ curves }: { curves: TaskCurves }) {
  const { segments, alarm_at, missing } = curves.drift;
  if (missing) return <Missing title={text.value.charts.drift.title} why={missing} />;
  return (
    <>
      {Object.entries(segments).map(([name, path]) => (
        <Segment key={name} name={name} path={path} alarmAt={alarm_at} />
      ))}
    </>
  );
}

function Segment({ name, path, alarmAt }: { name: string; path: DriftStretch[]; alarmAt: number | null }) {
  const said = text.value.charts.drift;
  const [first, last] = [path[0], path[path.length - 1]];
  if (!first || !last) return null;
  const [from, to] = [first.from, last.to];
  const evidence = alarmAt === null ? said.noAlarm : said.alarm(figure(last.evidence, 1), figure(alarmAt));
  const checks = path.reduce((sum, stretch) => sum + stretch.n, 0);
  return (
    <Chart
      title={said.found(name, figure(last.wrong), figure(last.n))}
      basis={`${evidence}. ${said.basis(figure(checks))}, ${last.method}`}
      rows={path}
      file={`drift-${name}`}
      columns={[
        { title: text.value.charts.from, show: (row) => moment(row.from), value: (row) => row.from },
        { title: text.value.charts.to, show: (row) => moment(row.to), value: (row) => row.to },
        ...estimate<DriftStretch>(said.wrong, (row) => row),
        { title: said.evidence, show: (row) => figure(row.evidence, 2), value: (row) => row.evidence, isNumber: true },
      ]}
    >
      <Plot
        label={`${said.title}, ${name}`}
        x={{ title: said.answered, min: from, max: to > from ? to : from + 1, show: (value) => new Date(1000 * value).toLocaleDateString() }}
        y={{ title: said.wrong, min: 0, max: top(path.map((row) => row.high)), show: (value) => percent(value) }}
        series={[{ name: "wrong", shape: "both", marks: path.flatMap((row) => markOf(row.to, row)) }]}
      />
    </Chart>
  );
}
