// The frame of every chart: a title that states the finding, what it stands on, the picture, and the same as a table with its CSV.
import type { ComponentChildren } from "preact";
import { text } from "../messages";
import { Table, type Column } from "../ui/table";

interface ChartProps<Row> {
  title: string;
  /** The finding's n and interval in words. */
  basis: string;
  rows: Row[];
  columns: Column<Row>[];
  file: string;
  children?: ComponentChildren;
}

export function Chart<Row>({ title, basis, rows, columns, file, children }: ChartProps<Row>) {
  return (
    <section class="chart">
      <h2>{title}</h2>
      <p class="hint">{basis}</p>
      {children}
      <details>
        <summary>{text.value.charts.asTable}</summary>
        <Table caption={title} rows={rows} columns={columns} file={file} />
      </details>
    </section>
  );
}

/** A chart whose figures are not there yet, with the cause. */
export function Missing({ title, why }: { title: string; why: string }) {
  return (
    <section class="chart">
      <h2>{title}</h2>
      <p class="hint">{text.value.charts.missing(why)}</p>
    </section>
  );
}
