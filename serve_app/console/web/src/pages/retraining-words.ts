// What came of a retraining, of the last line that its job wrote.

export interface Trained {
  approval: string;
  accuracy: number | null;
  current: number | null;
  rows: number | null;
  seconds: number | null;
}

/** The figures of a retraining that asked for an approval; null where the line says something else. */
export function trainedOf(detail: string | null): Trained | null {
  if (detail === null || !detail.startsWith("{")) return null;
  const found = parsed(detail);
  const number = (name: string): number | null => (typeof found[name] === "number" ? found[name] : null);
  if (typeof found.approval_id !== "string") return null;
  return { approval: found.approval_id, accuracy: number("accuracy"), current: number("champion_accuracy"), rows: number("rows"), seconds: number("seconds") };
}

/** A job's last line may be cut off: then it is no JSON, and shown as it is. */
function parsed(detail: string): Record<string, unknown> {
  try {
    return JSON.parse(detail) as Record<string, unknown>;
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}
