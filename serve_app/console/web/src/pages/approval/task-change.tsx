// A definition under approval: what it changes in words, and the guidelines word by word beside those in force.
import { read } from "../../api";
import type { ApprovalView } from "../../api-types";
import { useLoad } from "../../load";
import { text } from "../../messages";
import { Raw } from "../../ui/facts";
import { Verbatim } from "../../ui/verbatim";
import { GuidelineChanges } from "../guideline-changes";
import { changedNames, guidelinesOf } from "../guideline-draft";
import { at, listAt, textAt } from "./evidence";

export function TaskChangeEvidence({ approval }: { approval: ApprovalView }) {
  const said = text.value.tasks;
  const { evidence } = approval;
  return (
    <>
      <section class="panel">
        <h2>{said.changes}</h2>
        <ul>
          {listAt(evidence, "changes").map((line, number) => (
            <li key={number} class="text">
              <Verbatim>{String(line)}</Verbatim>
            </li>
          ))}
        </ul>
      </section>
      {textAt(evidence, "replaces") !== null ? <Guided approval={approval} /> : null}
      <Raw title={said.proposed} value={at(evidence, "definition")} />
    </>
  );
}

/** Beside the definition that the request would replace; nothing once another one is in force. */
function Guided({ approval }: { approval: ApprovalView }) {
  const task = approval.task ?? "";
  const inForce = useLoad(() => read("/v1/tasks/{task}/definition", { task }).catch(() => null), [task], ["approvals"]).data;
  if (!inForce || inForce.digest !== textAt(approval.evidence, "replaces")) return null;
  const [before, after] = [guidelinesOf(inForce.definition), guidelinesOf(at(approval.evidence, "definition"))];
  if (changedNames(before, after).length === 0) return null;
  return (
    <section class="panel">
      <h2>{text.value.tasks.guidelines.title}</h2>
      <GuidelineChanges before={before} after={after} names={inForce.guided} />
    </section>
  );
}
