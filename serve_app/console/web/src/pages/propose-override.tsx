// Where people corrected the model: let equal inputs get the same answer.
import { act } from "../api";
import { sentence } from "../format";
import { text } from "../messages";
import { perform } from "../ui/perform";

export function ProposeOverride({ caseId, label, reload }: { caseId: string; label: string; reload: () => void }) {
  const said = text.value.care.case;
  const propose = () => perform(act("POST /v1/overrides", {}, { case_id: caseId, label }), (answer) => said.overrideAsked(sentence(answer.status).toLowerCase()), reload);
  return (
    <p>
      <button type="button" onClick={propose}>
        {said.override}
      </button>{" "}
      <span class="hint">{said.overrideHint}</span>
    </p>
  );
}
