// The line above a case: which one, how long the lease holds, how long the case may still wait.
import { useEffect, useState } from "preact/hooks";
import { clock, short } from "../format";
import { Due } from "../ui/due";
import { Action } from "../ui/kbd";
import type { Claimed } from "./claims";

const SOON_S = 20;

interface HeadProps {
  claimed: Claimed;
  ahead: number;
  extend: () => void;
  onEnd: () => void;
}

export function FocusHead({ claimed, ahead, extend, onEnd }: HeadProps) {
  const { review, endsAt } = claimed;
  const [left, setLeft] = useState(secondsLeft(endsAt));
  useEffect(() => {
    const timer = setInterval(() => {
      const now = secondsLeft(endsAt);
      setLeft(now);
      if (now <= 0) {
        clearInterval(timer);
        onEnd();
      }
    }, 500);
    return () => clearInterval(timer);
  }, [endsAt]);
  return (
    <div class="focus-head">
      <span>
        Case <code>{short(review.case_id)}</code>
      </span>
      <Due openedAt={review.opened_at} dueAt={review.due_at} />
      {review.queue_position ? <span>position {review.queue_position}</span> : null}
      <span>{ahead > 0 ? "the next one is ready" : "the last one that waits"}</span>
      <span class={left <= SOON_S ? "lease soon" : "lease"} role="timer">
        {left <= SOON_S ? "▲ " : ""}lease {clock(left)}
      </span>
      <Action action="extend" onClick={extend}>
        Extend
      </Action>
    </div>
  );
}

function secondsLeft(endsAt: number): number {
  return Math.max(0, (endsAt - performance.now()) / 1000);
}
