// What stands in place of a file that could not be had. It is asked for again by itself a few times, and by a button.
import { useEffect, useRef } from "preact/hooks";
import { text } from "../messages";

const WAITS_MS = [2_000, 8_000, 30_000];

/** `tries` is how often the file was asked for again in vain: once for each of WAITS_MS without a press, but not while the button has
    the focus, which would be lost. */
export function Retry({ failed, tries, again }: { failed: string; tries: number; again: () => void }) {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    const wait = WAITS_MS[tries];
    if (wait === undefined) return;
    const timer = setTimeout(() => button.current !== document.activeElement && again(), wait);
    return () => clearTimeout(timer);
  }, [tries]);
  return (
    <p class="notice warning" role={tries === 0 ? "alert" : undefined}>
      {failed}{" "}
      <button ref={button} type="button" onClick={again}>
        {text.value.review.again}
      </button>
    </p>
  );
}
