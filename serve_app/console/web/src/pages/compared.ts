// Figures of the time that the address names, and of the time before where the address asks for the comparison.
import { useLoad, type Loaded } from "../load";
import type { Topic } from "../live/live";
import { place } from "../router";
import { before, isCompared, periodOf, type Period } from "./time-range";

/** What of the address the figures depend on. */
function askedTime(): string {
  return ["range", "from", "to", "compare"].map((name) => place.value.query.get(name)).join();
}

/** `load` takes null for all time. */
export function useOfTime<T>(load: (period: Period | null) => Promise<T>, depends: unknown[], topics: Topic[]): Loaded<T> {
  const { query } = place.value;
  return useLoad(() => load(periodOf(query, Date.now() / 1000)), [...depends, askedTime()], topics);
}

/** `earlier` is null where nothing is compared. */
export function useCompared<T>(load: (period: Period | null) => Promise<T>, depends: unknown[], topics: Topic[]): { now: Loaded<T>; earlier: Loaded<T | null> } {
  const { query } = place.value;
  const loadEarlier = () => {
    const chosen = isCompared(query) ? periodOf(query, Date.now() / 1000) : null;
    const earlier = chosen ? before(chosen) : null;
    return earlier ? load(earlier) : Promise.resolve(null);
  };
  return { now: useOfTime(load, depends, topics), earlier: useLoad<T | null>(loadEarlier, [...depends, askedTime()], topics) };
}
