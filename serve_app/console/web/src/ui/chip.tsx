// A state as sign, word and colour: readable without the colour.
import type { ComponentChildren } from "preact";

export type Tone = "good" | "warn" | "bad" | "info" | "plain";

const SIGNS: Record<Tone, string> = { good: "✓", warn: "▲", bad: "■", info: "●", plain: "○" };

export function Chip({ tone = "plain", sign, children }: { tone?: Tone; sign?: string; children: ComponentChildren }) {
  return (
    <span class={`chip ${tone}`}>
      <span aria-hidden="true">{sign ?? SIGNS[tone]}</span>
      {children}
    </span>
  );
}

const TONES: Record<string, Tone> = {
  approved: "good", deployed: "good", met: "good", completed: "good", decided: "good", healthy: "good", serving: "good",
  pending: "info", running: "info", waiting: "plain", leased: "info", provisional: "info", medium: "warn", high: "bad",
  "not enough evidence": "plain", waiting_approval: "warn", awaiting_approval: "warn", expired: "plain", cancelled: "plain", withdrawn: "plain",
  rejected: "bad", failed: "bad", missed: "bad", critical: "bad", error: "bad", failure: "bad", unknown: "warn", low: "plain", none: "good",
  warning: "warn", info: "plain", success: "good", quarantined: "warn", urgent: "bad", normal: "plain", better: "good", worse: "bad",
  "not worse": "good", "harms a segment": "bad",
};

export function toneOf(state: string): Tone {
  return TONES[state] ?? "plain";
}
