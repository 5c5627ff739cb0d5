// The last decision, which one key takes back while its window is open.
import { signal } from "@preact/signals";
import { act } from "../api";
import { keepDraft, type Draft } from "../drafts";
import { text } from "../messages";
import { tell } from "../toast";
import type { Claimed, Claims } from "./claims";

export interface Undoable {
  label: string;
  endsAt: number;
  run: () => void;
}

/** What can be taken back now; null: nothing. */
export const undoable = signal<Undoable | null>(null);
/** What was done last, in words: shown beside the case, read out to who cannot see it. */
export const lastDone = signal("");

export function rememberUndo(claims: Claims, claimed: Claimed, draft: Draft, leftMs: number): void {
  const run = async () => {
    undoable.value = null;
    try {
      const answer = await act("POST /v1/reviews/{review_id}/undo", { review_id: claimed.review.review_id }, {});
      keepDraft(claimed.review.review_id, draft);
      await claims.takeBack(claimed, answer.lease);
      lastDone.value = text.value.review.takenBack(draft.label);
    } catch (error) {
      tell((error as Error).message, "error");
    }
  };
  const mine = { label: draft.label, endsAt: performance.now() + leftMs, run: () => void run() };
  undoable.value = mine;
  setTimeout(() => {
    if (undoable.value === mine) undoable.value = null;
  }, leftMs);
}

export function undoLast(): void {
  if (undoable.value) undoable.value.run();
  else tell(text.value.review.nothingToUndo, "warning", undefined, 3000);
}
