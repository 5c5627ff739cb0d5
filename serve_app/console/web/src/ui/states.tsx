// The states that every page has: loading, failed, empty with its cause.
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Offline, Problem } from "../api";
import type { Loaded } from "../load";

const QUIET_MS = 150;
const OFFLINE_PAUSE_S = 5;

/** A skeleton, but only for what takes longer than a blink. */
export function Loading({ rows = 3 }: { rows?: number }) {
  const [isLate, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), QUIET_MS);
    return () => clearTimeout(timer);
  }, []);
  if (!isLate) return null;
  return (
    <div class="skeleton" role="status">
      <span class="unseen">Loading…</span>
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} class="bone" />
      ))}
    </div>
  );
}

export function Failure({ error, again }: { error: Error; again: () => void }) {
  const [left, setLeft] = useState(pauseS(error));
  useEffect(() => setLeft(pauseS(error)), [error]);
  useEffect(() => {
    if (left <= 0) return undefined;
    const timer = setTimeout(() => (left === 1 ? again() : setLeft(left - 1)), 1000);
    return () => clearTimeout(timer);
  }, [left, error]);
  return (
    <div class="notice error" role="alert">
      <p>
        <strong>{titleOf(error)}</strong> {error.message}
      </p>
      {left > 0 ? <p>Trying again in {left} s.</p> : null}
      <button type="button" onClick={again}>
        Try again
      </button>
    </div>
  );
}

/** After how many seconds it is tried again by itself; 0: only when somebody asks. */
function pauseS(error: Error): number {
  if (error instanceof Offline) return OFFLINE_PAUSE_S;
  return error instanceof Problem && error.retryAfterS ? Math.ceil(error.retryAfterS) : 0;
}

function titleOf(error: Error): string {
  if (error instanceof Offline) return "Offline.";
  if (!(error instanceof Problem)) return "Something went wrong.";
  if (error.status === 403) return "Your roles do not allow this.";
  if (error.status === 404) return "There is nothing here.";
  if (error.status === 429) return "Too many requests.";
  return error.status >= 500 ? "The service cannot answer now." : "Refused.";
}

export function Empty({ children }: { children: ComponentChildren }) {
  return <div class="notice empty">{children}</div>;
}

/** The page's data, or the state that stands in their place; stale data stay visible under the failure of a later load. */
export function Shown<T>({ loaded, children }: { loaded: Loaded<T>; children: (data: T) => ComponentChildren }) {
  return (
    <>
      {loaded.error ? <Failure key={loaded.error.message} error={loaded.error} again={loaded.reload} /> : null}
      {loaded.data !== undefined ? children(loaded.data) : loaded.error ? null : <Loading />}
    </>
  );
}
