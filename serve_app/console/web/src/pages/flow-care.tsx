// Of workflows: all of them in figures, and a person's decision on a case that a workflow holds for people.
import { useState } from "preact/hooks";
import { act, read } from "../api";
import { figure, percent, sentence, span } from "../format";
import { useLoad } from "../load";
import { text } from "../messages";
import { may } from "../session";
import { Ask } from "../ui/ask";
import { Facts } from "../ui/facts";
import { perform } from "../ui/perform";
import { Shown } from "../ui/states";

export function FlowFigures() {
  return may("see_metrics") ? <Figures /> : null;
}

function Figures() {
  const loaded = useLoad(() => read("/v1/workflows/analytics"), [], ["workflows"]);
  const said = text.value.care.flows;
  return (
    <Shown loaded={loaded}>
      {(found) =>
        found.total_workflows === 0 ? null : (
          <section class="panel">
            <h2>{said.analytics}</h2>
            <Facts
              rows={[
                [said.total, figure(found.total_workflows)],
                ...Object.entries(found.workflows_by_state).map(([state, count]): [string, string] => [sentence(state), figure(count)]),
                [said.stuck, figure(found.stuck_workflows)],
                [said.automatic, percent(found.automation_rate)],
                [said.people, percent(found.human_review_rate)],
                [said.pending, figure(found.pending_interactions)],
                ...Object.entries(found.avg_processing_times).map(([what, seconds]): [string, string] => [sentence(what.replace(":", " ")), span(seconds)]),
              ]}
            />
          </section>
        )
      }
    </Shown>
  );
}

const WITH_PEOPLE = ["human_review", "expert_review"];
const DECISIONS = ["approve", "reject", "escalate"];

/** The workflow of one case that waits for a person's word. */
export function DecideFlow({ id, state, reload }: { id: string; state: string; reload: () => void }) {
  const said = text.value.care.flows;
  const [decision, setDecision] = useState<string | null>(null);
  if (!WITH_PEOPLE.includes(state) || !(may("review") || may("care_for_cases"))) return null;
  const run = (feedback: string) => {
    const chosen = decision ?? "";
    setDecision(null);
    perform(act("POST /v1/workflows/{workflow_id}/decision", { workflow_id: id }, { decision: chosen, feedback }), text.value.care.done, reload);
  };
  return (
    <section class="panel" aria-label={said.decide}>
      <h2>{said.decide}</h2>
      <p class="buttons">
        {DECISIONS.filter((each) => each !== "escalate" || state !== "expert_review").map((each) => (
          <button key={each} type="button" onClick={() => setDecision(each)}>
            {said.decisions[each]}
          </button>
        ))}
      </p>
      {decision ? <Ask title={said.decisions[decision] ?? decision} label={said.comment} button={said.decisions[decision] ?? decision} isRequired={false} run={run} close={() => setDecision(null)} /> : null}
    </section>
  );
}
