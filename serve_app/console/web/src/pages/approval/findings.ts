// The findings of all checks of one request, flat: which check, which text, which line, how severe, and why.
import { listAt, numberAt, textAt } from "./evidence";

export interface ShownFinding {
  /** The text that it is about, where a request has several; empty: its only one. */
  of: string;
  line: number;
  rule: string;
  reason: string;
  severity: string;
}

export const SEVERITIES = ["high", "unknown", "medium", "low"];

export function findingsOf(checks: unknown[]): ShownFinding[] {
  return checks.flatMap((check) =>
    listAt(check, "findings").map((finding) => ({
      of: textAt(check, "of") ?? "",
      line: numberAt(finding, "line") ?? 0,
      rule: textAt(finding, "rule") ?? textAt(check, "check") ?? "",
      reason: textAt(finding, "reason") ?? "",
      severity: textAt(finding, "severity") ?? "unknown",
    })),
  );
}

export interface SeverityCount {
  severity: string;
  count: number;
}

/** How many there are of each severity that occurs, the worst first. */
export function countsOf(findings: ShownFinding[]): SeverityCount[] {
  const counted = SEVERITIES.map((severity) => ({ severity, count: findings.filter((finding) => finding.severity === severity).length }));
  return counted.filter((each) => each.count > 0);
}
