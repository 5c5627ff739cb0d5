// The states that every page has: loading, failed, empty with its cause.
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Offline, Problem } from "../api";
import type { Loaded } from "../load";
import { text } from "../messages";

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
      <span class="unseen">{text.value.states.loading}</span>
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
        <strong>{titleOf(error)}</strong> {detailOf(error)}
      </p>
      {left > 0 ? <p>{text.value.states.tryingIn(left)}</p> : null}
      <button type="button" onClick={again}>
        {text.value.states.tryAgain}
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
  const said = text.value.states;
  if (error instanceof Offline) return said.offline;
  if (!(error instanceof Problem)) return said.wrong;
  if (error.status === 403) return said.forbidden;
  if (error.status === 404) return said.notFound;
  if (error.status === 429) return said.tooMany;
  return error.status >= 500 ? said.unavailable : said.refused;
}

/** What the service says beside the title; of a refusal the title is enough. */
function detailOf(error: Error): string {
  return error instanceof Problem && [403, 404].includes(error.status) ? "" : error.message;
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
