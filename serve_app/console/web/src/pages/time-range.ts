// The time that figures are about, as the address holds it: `?range=day&compare=1`, or `?range=custom&from=2026-01-01&to=2026-01-31`.

export const RANGES = ["all", "hour", "day", "week", "month", "custom"] as const;
export type Range = (typeof RANGES)[number];
/** Those that are whole UTC days, for what is counted by days. */
export const RANGES_OF_DAYS: readonly Range[] = ["all", "week", "month", "custom"];

/** UTC seconds; `until` itself is outside. */
export interface Period {
  since: number;
  until: number;
}

const SLOT_S = 600;
const DAY_S = 86_400;
/** Length and the step at whose end the time ends: the service counts recent cases by ten minutes, others by UTC days. */
const SIZES: Partial<Record<Range, [length: number, step: number]>> = { hour: [3_600, SLOT_S], day: [DAY_S, SLOT_S], week: [7 * DAY_S, DAY_S], month: [30 * DAY_S, DAY_S] };

export function rangeOf(query: URLSearchParams, ranges: readonly Range[] = RANGES): Range {
  return ranges.find((range) => range === query.get("range")) ?? "all";
}

/** Null: all time, or a time of one's own that is not complete, or ends before it begins. */
export function periodOf(query: URLSearchParams, now: number, ranges: readonly Range[] = RANGES): Period | null {
  const range = rangeOf(query, ranges);
  const size = SIZES[range];
  if (size) {
    const until = Math.ceil(now / size[1]) * size[1];
    return { since: until - size[0], until };
  }
  if (range !== "custom") return null;
  const [since, until] = [startOf(query.get("from")), startOf(query.get("to")) + DAY_S];
  return since < until ? { since, until } : null;
}

/** The first and the last UTC day of a time, as the service writes them; without a time neither. */
export function daysOf(period: Period | null): { from?: string; to?: string } {
  const day = (at: number) => new Date(1000 * at).toISOString().slice(0, 10);
  return period === null ? {} : { from: day(period.since), to: day(period.until - 1) };
}

/** The first second of a UTC day; NaN for what is none. */
function startOf(day: string | null): number {
  return Date.parse(`${day ?? ""}T00:00:00Z`) / 1000;
}

/** The time of the same length right before; null where that would begin before 1970. */
export function before({ since, until }: Period): Period | null {
  const length = until - since;
  return since >= length ? { since: since - length, until: since } : null;
}

export function isCompared(query: URLSearchParams): boolean {
  return query.get("compare") === "1" && rangeOf(query) !== "all";
}
