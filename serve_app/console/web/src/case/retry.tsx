// What stands in place of a file that could not be had. It is asked for again by itself a few times, and by a button.
import { useEffect } from "preact/hooks";
import { text } from "../messages";

const WAITS_MS = [2_000, 8_000, 30_000];

/** `tries` is how often the file was asked for again until now: once for each of WAITS_MS without a press. */
export function Retry({ failed, tries, again }: { failed: string; tries: number; again: () => void }) {
  useEffect(() => {
    const wait = WAITS_MS[tries];
    if (wait === undefined) return;
    const timer = setTimeout(again, wait);
    return () => clearTimeout(timer);
  }, [tries]);
  return (
    <p class="notice warning" role="alert">
      {failed}{" "}
      <button type="button" onClick={again}>
        {text.value.review.again}
      </button>
    </p>
  );
}
