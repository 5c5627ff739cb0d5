// What comes of a request: after a yes, after a no, and when nobody decides; above the evidence, as voters ask for it first.
import type { ApprovalView } from "../../api-types";
import { moment, relative } from "../../format";
import { text } from "../../messages";
import { Facts } from "../../ui/facts";

export function Consequences({ approval }: { approval: ApprovalView }) {
  const said = text.value.approvals.consequences;
  if (approval.status !== "pending") return null;
  const approved = said.approved[approval.kind] ?? said.told;
  const deadline = said.until(moment(approval.expires_at), relative(approval.expires_at));
  return (
    <section class="panel" aria-label={said.title}>
      <Facts
        rows={[
          [said.ifApproved, approved],
          [said.ifRejected, said.rejected],
          [text.value.approvals.vote.silence, `${approval.in_words.silence} ${deadline}`],
        ]}
      />
    </section>
  );
}
