// One request: a template for each kind shows what is asked; one's own vote on exactly this is always in view.
import { useState } from "preact/hooks";
import { read } from "../../api";
import type { ApprovalView } from "../../api-types";
import { relative } from "../../format";
import { useLoad } from "../../load";
import { text } from "../../messages";
import { href } from "../../router";
import { Chip, toneOf } from "../../ui/chip";
import { Raw, Tree } from "../../ui/facts";
import { Id } from "../../ui/id";
import { PageHead } from "../../ui/page-head";
import { Shown } from "../../ui/states";
import { Verbatim } from "../../ui/verbatim";
import { Reveal } from "../reveal";
import { Care } from "./care";
import { Checked, linedTexts } from "./code";
import { Consequences } from "./consequences";
import { findingsOf } from "./findings";
import { kindOf } from "./kind";
import { ModelEvidence } from "./model";
import { PolicyEvidence } from "./policy";
import { TaskChangeEvidence } from "./task-change";
import { Votes } from "./votes";

export function Approval({ id }: { id: string }) {
  const loaded = useLoad(() => read("/v1/approvals/{approval_id}", { approval_id: id }), [id], ["approvals"]);
  return <Shown loaded={loaded}>{({ approval }) => <Request approval={approval} reload={loaded.reload} />}</Shown>;
}

function Request({ approval, reload }: { approval: ApprovalView; reload: () => void }) {
  const said = text.value.approvals;
  const findings = findingsOf(approval.checks);
  return (
    <article>
      <PageHead title={approval.title} crumbs={[[said.title, href("approvals")]]}>
        <Chip tone={toneOf(approval.status)}>{said.statuses[approval.status] ?? approval.status}</Chip>
      </PageHead>
      <p class="hint">
        {kindOf(approval)}
        {approval.task ? ` · ${approval.task}` : ""} · {said.requestedBy(approval.requested_by, relative(approval.requested_at))} · {said.version} <Id id={approval.digest} />
        {approval.closing_reason ? ` · ${approval.closing_reason}` : ""}
      </p>
      {approval.description && approval.kind !== "task_change" ? (
        <p class="text">
          <Verbatim>{approval.description}</Verbatim>
        </p>
      ) : null}
      <Consequences approval={approval} />
      <Template approval={approval} />
      <Care approval={approval} reload={reload} />
      <Votes approval={approval} highFindings={findings.filter((finding) => finding.severity === "high").length} reload={reload} />
    </article>
  );
}

function Template({ approval }: { approval: ApprovalView }) {
  if (approval.kind === "model_deployment") return <ModelEvidence approval={approval} />;
  if (approval.kind === "policy_change") return <PolicyEvidence approval={approval} />;
  if (approval.kind === "task_change") return <TaskChangeEvidence approval={approval} />;
  return <General approval={approval} />;
}

/** What is asked as its fields; code and content line by line with the findings. */
function General({ approval }: { approval: ApprovalView }) {
  const said = text.value.approvals;
  const [clear, setClear] = useState<Record<string, unknown> | null>(null);
  const context = clear ?? approval.context;
  const texts = linedTexts(context);
  const others = Object.fromEntries(Object.entries(context).filter(([name]) => !texts.some((one) => one.name === name)));
  const isSealed = Object.keys(approval.sealed).length > 0;
  return (
    <>
      <Checked texts={texts} findings={findingsOf(approval.checks)} wasChecked={approval.checks.length > 0} />
      {Object.keys(others).length > 0 || texts.length === 0 || isSealed ? (
        <section class="panel">
          <h2>{texts.length > 0 ? said.details : said.request}</h2>
          {Object.keys(others).length > 0 ? <Tree value={others} /> : <p class="hint">{said.noDetails}</p>}
          {isSealed ? <Reveal path={`/v1/approvals/${encodeURIComponent(approval.approval_id)}/reveal`} show={(found) => setClear((found.context as Record<string, unknown>) ?? null)} hide={() => setClear(null)} isShown={clear !== null} /> : null}
        </section>
      ) : null}
      {Object.keys(approval.evidence).length > 0 ? <Raw title={`${said.evidence} (JSON)`} value={approval.evidence} /> : null}
    </>
  );
}

