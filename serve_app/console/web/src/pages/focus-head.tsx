// The line above a case: which one, how many wait, how long it is reserved, how long the case may still wait.
import { useEffect, useState } from "preact/hooks";
import { clock } from "../format";
import { text } from "../messages";
import { href } from "../router";
import { Due } from "../ui/due";
import { Id } from "../ui/id";
import { Action } from "../ui/kbd";
import type { Claimed } from "./claims";

const SOON_S = 20;

interface HeadProps {
  claimed: Claimed;
  waiting: number | undefined;
  /** Taken back by the service: the time is shown no more, and its end is told all the same, since the news may be quicker than our clock. */
  isGone: boolean;
  extend: () => void;
  onEnd: () => void;
}

export function FocusHead({ claimed, waiting, isGone, extend, onEnd }: HeadProps) {
  const { review, endsAt } = claimed;
  const said = text.value.review;
  const [left, setLeft] = useState(secondsLeft(endsAt));
  useEffect(() => {
    document.title = `${said.case(review.case_id.slice(0, 6))} · ${review.form.title} · ${text.value.shell.product}`;
  }, [review.case_id]);
  useEffect(() => {
    const tick = () => {
      const now = secondsLeft(endsAt);
      setLeft(now);
      if (now > 0) return;
      clearInterval(timer);
      onEnd();
    };
    const timer = setInterval(tick, 500);
    setLeft(secondsLeft(endsAt));
    return () => clearInterval(timer);
  }, [endsAt]);
  return (
    <div class="focus-head">
      <h1 id="case-title" tabIndex={-1}>
        <a href={href("reviews")}>{said.title}</a> / {review.form.title}
      </h1>
      <Id id={review.case_id} link={href("cases", [review.case_id])} />
      {waiting !== undefined ? (
        <span>
          <a href={href("reviews", [review.queue, "list"])}>{said.left(waiting)}</a>
        </span>
      ) : null}
      <Due openedAt={review.opened_at} dueAt={review.due_at} />
      {isGone ? null : <Lease left={left} extend={extend} />}
    </div>
  );
}

function Lease({ left, extend }: { left: number; extend: () => void }) {
  const said = text.value.review;
  return (
    <>
      <span class={left <= SOON_S ? "lease soon" : "lease"} role="timer">
        {left <= SOON_S ? "▲ " : ""}
        {said.reserved(clock(left))}
      </span>
      {left <= SOON_S ? (
        <Action action="extend" onClick={extend}>
          {said.extend}
        </Action>
      ) : null}
    </>
  );
}

function secondsLeft(endsAt: number): number {
  return Math.max(0, (endsAt - performance.now()) / 1000);
}
