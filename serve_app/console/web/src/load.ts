// A page's data: loading, there, or failed with the reason. The last data stay while newer ones are on their way.
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { refreshed } from "./live/live";

export interface Loaded<T> {
  data: T | undefined;
  error: Error | undefined;
  reload: () => void;
}

/** Loads at once, again when `depends` change, and whenever live news or the poll say that something may have changed. */
export function useLoad<T>(load: () => Promise<T>, depends: unknown[] = []): Loaded<T> {
  const [data, setData] = useState<T>();
  const [error, setError] = useState<Error>();
  const latest = useRef(0);
  const reload = useCallback(() => {
    latest.current += 1;
    const mine = latest.current;
    load().then(
      (found) => {
        if (mine !== latest.current) return;
        setData(found);
        setError(undefined);
      },
      (failure: unknown) => {
        if (mine === latest.current) setError(failure instanceof Error ? failure : new Error(String(failure)));
      },
    );
  }, depends);
  useEffect(() => {
    reload();
    return refreshed.subscribe(() => reload());
  }, [reload]);
  return { data, error, reload };
}
