// Flagged cases and requests of a time and what became of them, for who must report them.
import { read } from "../api";
import type { ReportLine } from "../api-types";
import { figure, percent, sentence } from "../format";
import { useLoad } from "../load";
import { text } from "../messages";
import { place } from "../router";
import { Shown } from "../ui/states";
import { Table } from "../ui/table";
import { TimeRange } from "../ui/time-range";
import { daysOf, periodOf, RANGES_OF_DAYS } from "./time-range";

interface Row {
  task: string;
  name: string;
  line: ReportLine;
}

export function Report() {
  const said = text.value.care.report;
  const period = periodOf(place.value.query, Date.now() / 1000, RANGES_OF_DAYS);
  const days = daysOf(period);
  const loaded = useLoad(() => read("/v1/audit/report", {}, days), [days.from, days.to], []);
  return (
    <section>
      <TimeRange task={null} period={period} ranges={RANGES_OF_DAYS} isComparable={false} />
      <Shown loaded={loaded}>
        {({ tasks }) => (
          <Table
            caption={said.title}
            file="compliance"
            empty={said.none}
            rows={Object.entries(tasks).flatMap(([task, lines]): Row[] => Object.entries(lines).map(([name, line]) => ({ task, name, line })))}
            rowKey={(row) => `${row.task} ${row.name}`}
            columns={[
              { title: said.task, show: (row) => row.task, value: (row) => row.task },
              { title: said.what, show: (row) => <span title={row.line.definition}>{sentence(row.name)}</span>, value: (row) => row.name },
              { title: said.count, show: (row) => figure(row.line.count), value: (row) => row.line.count, isNumber: true },
              { title: said.share, show: (row) => percent(row.line.share), value: (row) => row.line.share, isNumber: true },
            ]}
          />
        )}
      </Shown>
    </section>
  );
}
