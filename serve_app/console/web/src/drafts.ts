// What a person has entered and not yet sent: kept on this machine at once, so that a reload or a lost lease loses nothing.

export interface Draft {
  label: string;
  confidence: number;
  comment: string;
}

export const BLANK: Draft = { label: "", confidence: 1, comment: "" };

const PREFIX = "ray-hitl.draft.";

export function readDraft(reviewId: string): Draft {
  try {
    return { ...BLANK, ...(JSON.parse(localStorage.getItem(PREFIX + reviewId) ?? "{}") as Partial<Draft>) };
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
