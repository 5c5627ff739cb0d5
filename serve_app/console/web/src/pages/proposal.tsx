// What became of a proposed definition: the approval that it waits for, or where the service refused it.
import { Problem } from "../api";
import type { DefinitionProposal } from "../api-types";
import { text } from "../messages";
import { href } from "../router";
import { listAt, textAt } from "./approval/evidence";

/** Why a definition was refused, and at which of its keys: `/input/fields/0/min`; empty: at none. */
export interface Refusal {
  pointer: string;
  why: string;
}

export function refusalsOf(error: unknown): Refusal[] {
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof Problem)) return [{ pointer: "", why: message }];
  const told = listAt(error.body, "errors").map((each) => ({ pointer: textAt(each, "pointer") ?? "", why: text.value.tasks.expected(textAt(each, "expected") ?? message) }));
  return told.length > 0 ? told : [{ pointer: "", why: message }];
}

/** `next` says what happens once people have approved it. */
export function Proposed({ proposal, next }: { proposal: DefinitionProposal; next: string }) {
  const said = text.value.tasks;
  if (proposal.approval_id === null) {
    return (
      <p class="notice" role="status">
        {said.isInForce}
      </p>
    );
  }
  return (
    <div class="notice good" role="status">
      <p>
        {said.asked} <a href={href("approvals", [proposal.approval_id])}>{said.toApproval(proposal.approval_id)}</a>
      </p>
      <p>{next}</p>
    </div>
  );
}
