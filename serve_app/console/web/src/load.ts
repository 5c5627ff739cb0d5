// A page's data: loading, there, or failed with the reason. The last data stay while newer ones are on their way.
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { heard, type Topic } from "./live/live";

export interface Loaded<T> {
  data: T | undefined;
  error: Error | undefined;
  /** Whether an answer is on its way that may differ from what is shown. */
  isLoading: boolean;
  reload: () => void;
}

const PAGES_OF: Topic[] = ["approvals", "workflows", "alerts"];

/** Loads at once, again when `depends` change, and whenever one of `topics` may have changed. */
export function useLoad<T>(load: () => Promise<T>, depends: unknown[] = [], topics: Topic[] = PAGES_OF): Loaded<T> {
  const [data, setData] = useState<T>();
  const [error, setError] = useState<Error>();
  const [isLoading, setLoading] = useState(true);
  const latest = useRef(0);
  const reload = useCallback(() => {
    latest.current += 1;
    const mine = latest.current;
    const settle = (then: () => void) => {
      if (mine !== latest.current) return;
      setLoading(false);
      then();
    };
    setLoading(true);
    load().then(
      (found) =>
        settle(() => {
          setData(found);
          setError(undefined);
        }),
      (failure: unknown) => settle(() => setError(failure instanceof Error ? failure : new Error(String(failure)))),
    );
  }, depends);
  useEffect(() => {
    reload();
    const stop = heard(topics, reload);
    return () => {
      stop();
      latest.current += 1;
    };
  }, [reload]);
  return { data, error, isLoading, reload };
}
