// A policy under approval: the fields that change, before and after, and what that does to past cases.
import type { ApprovalView, PolicyTrial as Trial } from "../../api-types";
import { text } from "../../messages";
import { Raw } from "../../ui/facts";
import { Table } from "../../ui/table";
import { Verbatim } from "../../ui/verbatim";
import { PolicyTrial } from "../policy-trial";
import { at, listAt, textAt } from "./evidence";

export function PolicyEvidence({ approval }: { approval: ApprovalView }) {
  const said = text.value.policy;
  const { evidence } = approval;
  const trial = at(evidence, "dry_run");
  const refused = textAt(trial, "refused");
  return (
    <>
      {Array.isArray(at(evidence, "changes")) ? <PolicyChanges changes={listAt(evidence, "changes")} isOpen={approval.status === "pending"} /> : <p class="notice">{said.notListed}</p>}
      {at(trial, "in_force") ? <PolicyTrial result={trial as Trial} /> : null}
      {refused ? (
        <p class="notice warning">
          <strong>{said.refusedTrial}.</strong> {refused}
        </p>
      ) : null}
      <Raw title={said.whole} value={at(evidence, "policy")} />
    </>
  );
}

/** The fields that a policy changes, as the service lists them. ``isOpen``: what stands before is in force now; else it was when this was asked. */
export function PolicyChanges({ changes, isOpen }: { changes: unknown[]; isOpen: boolean }) {
  const said = text.value.policy;
  return (
    <Table
      caption={said.changes}
      empty={said.noChanges}
      rows={changes}
      rowKey={(row, number) => textAt(row, "path") ?? number}
      columns={[
        { title: said.field, show: (row) => <code>{textAt(row, "path")}</code>, isLong: true },
        { title: isOpen ? said.before : said.beforeThen, show: (row) => <del>{valueOf(at(row, "before"))}</del>, isLong: true },
        { title: said.after, show: (row) => <ins>{valueOf(at(row, "after"))}</ins>, isLong: true },
      ]}
    />
  );
}

function valueOf(value: unknown): preact.JSX.Element {
  if (value === null || value === undefined) return <span class="note">{text.value.policy.absent}</span>;
  return <Verbatim>{typeof value === "string" ? value : JSON.stringify(value)}</Verbatim>;
}
