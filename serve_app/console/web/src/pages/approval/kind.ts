// What is asked, as people call it.
import type { ApprovalView } from "../../api-types";
import { sentence } from "../../format";
import { text } from "../../messages";

/** The request's kind. A function that a program waits to call is a custom request with the function's name. */
export function kindOf({ kind, context }: Pick<ApprovalView, "kind" | "context">): string {
  const said = text.value.approvals;
  if (kind === "custom" && typeof context.fn === "string" && "kwargs" in context) return said.call;
  return said.kinds[kind] ?? sentence(kind);
}
