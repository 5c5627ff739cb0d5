// One measured figure of a model in words: its value with its unit, its interval, and how it differs from another model's.
import { dollars, figure, percent, points, span } from "../../format";
import { text } from "../../messages";
import type { Estimate, KeyFigure } from "./verdict";

export function shown(value: number | null, unit: KeyFigure["unit"]): string {
  if (unit === "share") return percent(value);
  if (unit === "dollars") return dollars(value);
  if (unit === "h") return span(value === null ? null : 3600 * value);
  return value === null ? "–" : `${figure(value, 3)} ${unit}`;
}

export function between(estimate: Estimate, unit: KeyFigure["unit"]): string {
  return estimate.low === null || estimate.high === null ? "–" : `${shown(estimate.low, unit)} – ${shown(estimate.high, unit)}`;
}

export function Change({ row }: { row: KeyFigure }) {
  if (row.current === null || row.mine.value === null) return <>–</>;
  const difference = row.mine.value - row.current;
  const isGood = difference === 0 ? null : difference > 0 === row.isBetterUp;
  const number = row.unit === "share" ? text.value.quality.proof.points(points(difference)) : `${difference > 0 ? "+" : "−"}${shown(Math.abs(difference), row.unit)}`;
  return <span class={isGood === null ? undefined : isGood ? "up" : "down"}>{difference === 0 ? "0" : number}</span>;
}
