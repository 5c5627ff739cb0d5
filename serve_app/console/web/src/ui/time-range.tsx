// Of which time the figures are: chosen here, held in the address, with the cases of it one press away.
import { moment } from "../format";
import { text } from "../messages";
import { isCompared, RANGES, rangeOf, type Period, type Range } from "../pages/time-range";
import { href, place, restate } from "../router";
import { may } from "../session";

interface RangeProps {
  /** Whose cases the link leads to; null: there is no link. */
  task: string | null;
  /** What the service answered about. */
  period: Period | null;
  ranges?: readonly Range[];
  /** Whether the page can show the time before too. */
  isComparable?: boolean;
}

/** Of the page that is open; the address keeps it. */
export function TimeRange({ task, period, ranges = RANGES, isComparable = true }: RangeProps) {
  const said = text.value.charts.range;
  const { page, rest, query } = place.value;
  const range = rangeOf(query, ranges);
  const set = (some: Record<string, string>) => restate(page, rest, { ...Object.fromEntries(query), ...some });
  return (
    <div class="filters">
      <label>
        {said.title}
        <select value={range} onChange={(event) => set({ range: event.currentTarget.value === "all" ? "" : event.currentTarget.value })}>
          {ranges.map((each) => (
            <option key={each} value={each}>
              {said.names[each]}
            </option>
          ))}
        </select>
      </label>
      {range === "custom" ? (
        <>
          <label>
            {said.from} <input type="date" value={query.get("from") ?? ""} onChange={(event) => set({ from: event.currentTarget.value })} />
          </label>
          <label>
            {said.to} <input type="date" value={query.get("to") ?? ""} onChange={(event) => set({ to: event.currentTarget.value })} />
          </label>
        </>
      ) : null}
      {range === "all" || !isComparable ? null : (
        <label class="check">
          <input type="checkbox" checked={isCompared(query)} onChange={(event) => set({ compare: event.currentTarget.checked ? "1" : "" })} /> {said.compare}
        </label>
      )}
      {period ? (
        <span class="note" role="status">
          {said.about(moment(period.since), moment(period.until))} {task !== null && may("see_cases") ? <a href={casesOf(task, period)}>{said.cases}</a> : null}
        </span>
      ) : null}
    </div>
  );
}

/** The search for the cases of a time. */
export function casesOf(task: string, { since, until }: Period): string {
  return href("cases", [], { task, since: String(since), until: String(until) });
}
