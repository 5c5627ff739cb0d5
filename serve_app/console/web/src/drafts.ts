// What a person has entered and not yet sent: kept on this machine at once, so that a reload or a lost lease loses nothing.

/** What was entered, by field: a text, or the choices that apply. */
export type Entered = Record<string, string | string[]>;

export interface Draft {
  label: string;
  /** In [0, 1]; null: the person did not say. */
  confidence: number | null;
  comment: string;
  /** What was entered of the answer's fields; null: nothing yet. */
  value: Entered | null;
}

export const BLANK: Draft = { label: "", confidence: null, comment: "", value: null };

const PREFIX = "ray-hitl.draft.";

/** This machine's draft, else the one that `saved` on the server holds; BLANK itself when there is none. */
export function readDraft(reviewId: string, saved?: Partial<Draft>): Draft {
  const kept = localStorage.getItem(PREFIX + reviewId);
  if (kept === null) return saved ? { ...BLANK, ...saved } : BLANK;
  try {
    return { ...BLANK, ...(JSON.parse(kept) as Partial<Draft>) };
  } catch {
    return BLANK;
  }
}

export function keepDraft(reviewId: string, draft: Draft): void {
  localStorage.setItem(PREFIX + reviewId, JSON.stringify(draft));
}

export function dropDraft(reviewId: string): void {
  localStorage.removeItem(PREFIX + reviewId);
}
