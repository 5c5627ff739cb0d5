// Beside the votes: hand one's own vote to somebody else; and for operators, erase the content and see who read what is sealed.
import { useState } from "preact/hooks";
import { act, read } from "../../api";
import type { ApprovalView } from "../../api-types";
import { text } from "../../messages";
import { may, who } from "../../session";
import { Ask } from "../../ui/ask";
import { perform } from "../../ui/perform";
import { Reveals } from "../reveals";

export function Delegate({ approval, reload }: { approval: ApprovalView; reload: () => void }) {
  const said = text.value.care.approvals;
  const [isAsking, setAsking] = useState(false);
  const isAsked = approval.asked.includes(who.value?.id ?? "");
  if (approval.status !== "pending" || !isAsked || !may("vote")) return null;
  const run = (to: string) => {
    setAsking(false);
    perform(act("POST /v1/approvals/{approval_id}/delegate", { approval_id: approval.approval_id }, { to }), said.delegated(to), reload);
  };
  return (
    <>
      <button type="button" class="quiet" onClick={() => setAsking(true)}>
        {said.delegate}
      </button>
      {isAsking ? <Ask title={said.delegate} label={said.delegateTo} button={said.delegate} run={run} close={() => setAsking(false)} /> : null}
    </>
  );
}

/** Only where something is sealed: nothing else can be erased. */
export function Care({ approval, reload }: { approval: ApprovalView; reload: () => void }) {
  const isSealed = Object.keys(approval.sealed).length > 0;
  return isSealed && may("care_for_cases") ? <OfOperator approval={approval} reload={reload} /> : null;
}

function OfOperator({ approval, reload }: { approval: ApprovalView; reload: () => void }) {
  const said = text.value.care.approvals;
  const [isAsking, setAsking] = useState(false);
  const id = { approval_id: approval.approval_id };
  const erase = (reason: string) => (setAsking(false), perform(act("POST /v1/approvals/{approval_id}/erase", id, { reason }), said.erased, reload));
  return (
    <>
      <Reveals id={approval.approval_id} ask={() => read("/v1/approvals/{approval_id}/reveals", id)} />
      <p>
        <button type="button" class="danger" onClick={() => setAsking(true)}>
          {said.erase}
        </button>
      </p>
      {isAsking ? <Ask title={said.erase} label={text.value.care.case.eraseWhy} button={said.erase} run={erase} close={() => setAsking(false)} /> : null}
    </>
  );
}
