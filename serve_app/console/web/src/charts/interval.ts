// Figures with their intervals in words and as columns. What nothing was observed of has no value and no interval.
import type { Interval } from "../api-types";
import { amounts, figure, NONE, percent } from "../format";
import { text } from "../messages";
import type { Column } from "../ui/table";

/** Any figure with an interval, as far as charts need it. */
export interface Estimated {
  value: number | null;
  low: number;
  high: number | null;
  n: number;
  confidence?: number;
  method?: string;
}

export const isKnown = (found: Estimated): boolean => found.value !== null && found.n > 0;

/** Whether the interval says anything: more than a point, less than everything. */
const hasInterval = (found: Estimated): boolean => isKnown(found) && found.high !== null && found.high > found.low && !(found.low === 0 && found.high === 1);

/** "1.2% (0.4% – 2.9%, 240 cases)". */
export function said(found: Estimated): string {
  if (!isKnown(found)) return text.value.charts.unknown(figure(found.n));
  return text.value.charts.estimate(percent(found.value), range(found), figure(found.n));
}

/** "0.4% – 2.9%", or a dash where there is no interval. */
export function range(found: Estimated, show: (value: number | null) => string = (value) => percent(value)): string {
  return hasInterval(found) ? `${show(found.low)} – ${show(found.high)}` : NONE;
}

/** The interval of a figure that has a unit. */
export function rangeOf(found: Estimated, unit: string): string {
  return hasInterval(found) ? amounts(found.low, found.high, unit) : NONE;
}

export function basis(found: Estimated): string {
  return text.value.charts.basis(figure(found.n), percent(found.confidence ?? 0.95, 0), found.method ?? "");
}

/** Columns of an estimate that `of` finds in a row. */
export function estimate<Row>(title: string, of: (row: Row) => Estimated, show: (value: number | null) => string = (value) => percent(value)): Column<Row>[] {
  return [
    { title, show: (row) => show(isKnown(of(row)) ? of(row).value : null), value: (row) => of(row).value, isNumber: true },
    { title: text.value.charts.interval, show: (row) => range(of(row), show), value: (row) => `${of(row).low} ${of(row).high}`, isNumber: true },
    { title: text.value.charts.cases, show: (row) => figure(of(row).n), value: (row) => of(row).n, isNumber: true },
  ];
}

/** A mark of a chart, where there is a value. */
export function markOf(x: number, found: Estimated): { x: number; y: number; low: number | null; high: number | null }[] {
  return found.value === null ? [] : [{ x, y: found.value, low: found.low, high: found.high }];
}

/** A little above the largest of `values`, at most `most`. */
export function top(values: (number | null | undefined)[], most = 1): number {
  return Math.min(most, 1.1 * Math.max(0.01, ...values.map((value) => value ?? 0)));
}

export type { Interval };
