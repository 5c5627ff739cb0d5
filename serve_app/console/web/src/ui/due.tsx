// How long an item may still wait: text and a sign beside the colour.
import { moment, span } from "../format";
import { text } from "../messages";

export type Urgency = "ok" | "soon" | "breaching" | "overdue";

const BREACHING_S = 900;

/** Ok above a quarter of its time, breaching under a tenth of it or 15 minutes. */
export function urgency(openedAt: number, dueAt: number, now: number): Urgency {
  const left = dueAt - now;
  const share = left / Math.max(1, dueAt - openedAt);
  if (left <= 0) return "overdue";
  if (share < 0.1 || left < Math.min(BREACHING_S, 0.25 * (dueAt - openedAt))) return "breaching";
  return share < 0.25 ? "soon" : "ok";
}

const SIGNS: Record<Urgency, string> = { ok: "●", soon: "◐", breaching: "▲", overdue: "■" };

export function Due({ openedAt, dueAt }: { openedAt: number; dueAt: number }) {
  const now = Date.now() / 1000;
  const state = urgency(openedAt, dueAt, now);
  const said = text.value.review.due;
  const left = state === "overdue" ? said.overdue(span(now - dueAt)) : said.left(span(dueAt - now));
  return (
    <span class={`due ${state}`} title={moment(dueAt)}>
      <span aria-hidden="true">{SIGNS[state]}</span> {left}
      {state === "soon" || state === "breaching" ? ` (${said.states[state]})` : ""}
    </span>
  );
}
