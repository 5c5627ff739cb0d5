// Figures with their intervals in words and as columns.
import type { Json } from "../api";
import { figure, percent } from "../format";
import type { Column } from "../ui/table";

/** "1.2 % (0.4 – 2.9 %, n = 240)". */
export function said(found: Json): string {
  if (typeof found.value !== "number") return `unknown (n = ${figure(found.n)})`;
  return `${percent(found.value)} (${percent(found.low)} – ${percent(found.high)}, n = ${figure(found.n)})`;
}

export function basis(found: Json): string {
  return `n = ${figure(found.n)}, ${percent(found.confidence ?? 0.95, 0)} interval, ${String(found.method ?? "")}`;
}

/** Columns of an estimate that `of` finds in a row. */
export function estimate<Row>(title: string, of: (row: Row) => Json, show: (value: number | null) => string = (value) => percent(value)): Column<Row>[] {
  return [
    { title, show: (row) => show(of(row).value), value: (row) => of(row).value, isNumber: true },
    { title: `${title} from`, show: (row) => show(of(row).low), value: (row) => of(row).low, isNumber: true },
    { title: `${title} to`, show: (row) => show(of(row).high), value: (row) => of(row).high, isNumber: true },
    { title: "n", show: (row) => figure(of(row).n), value: (row) => of(row).n, isNumber: true },
  ];
}

/** A little above the largest of `values`, at most `most`. */
export function top(values: (number | null | undefined)[], most = 1): number {
  return Math.min(most, 1.1 * Math.max(0.01, ...values.map((value) => value ?? 0)));
}
