// Requests that need votes: the list, and one with its evidence.
import { read } from "../api";
import type { ApprovalView } from "../api-types";
import { moment, relative } from "../format";
import { useLoad } from "../load";
import { text } from "../messages";
import { href, place, restate } from "../router";
import { Chip, toneOf } from "../ui/chip";
import { PageHead } from "../ui/page-head";
import { Shown } from "../ui/states";
import { StatusFilter } from "../ui/status-filter";
import { Table } from "../ui/table";
import { kindOf } from "./approval/kind";
import { Approval } from "./approval/page";
import { Absence } from "./absence";
import { Grants } from "./grants";

const STATUSES = ["pending", "approved", "rejected", "expired", "deployed", "failed", "cancelled", "all"];

/** All pages of a status, so that the newest are there however many there are; the newest first. */
async function all(status: string): Promise<ApprovalView[]> {
  const found: ApprovalView[] = [];
  for (let cursor: number | null = 0; cursor !== null; ) {
    const page: { approvals: ApprovalView[]; next: number | null } = await read("/v1/approvals", {}, { status: status === "all" ? undefined : status, cursor, limit: 500 });
    found.push(...page.approvals);
    cursor = page.next;
  }
  return found.sort((a, b) => (status === "pending" ? a.expires_at - b.expires_at : b.requested_at - a.requested_at));
}

export function Approvals() {
  const [id] = place.value.rest;
  return id ? <Approval key={id} id={id} /> : <List />;
}

function List() {
  const status = place.value.query.get("status") ?? "pending";
  const loaded = useLoad(() => all(status), [status], ["approvals"]);
  const said = text.value.approvals;
  const named = said.statuses[status] ?? status;
  return (
    <>
      <PageHead title={said.title} />
      <Grants />
      <Absence />
      <StatusFilter label={said.status} status={status} statuses={STATUSES} names={said.statuses} choose={(each) => restate("approvals", [], { status: each })} />
      <Shown loaded={loaded}>
        {(approvals) => (
          <Table
            caption={said.caption(named)}
            file="approvals"
            empty={status === "pending" ? said.nonePending : said.none}
            rows={approvals}
            rowKey={(row) => row.approval_id}
            columns={[
              { title: said.columns.request, show: (row) => <a href={href("approvals", [row.approval_id])}>{row.title}</a>, value: (row) => row.title },
              { title: said.columns.kind, show: (row) => kindOf(row), value: (row) => row.kind },
              { title: said.columns.task, show: (row) => row.task || "–", value: (row) => row.task },
              { title: said.status, show: (row) => <Chip tone={toneOf(row.status)}>{said.statuses[row.status] ?? row.status}</Chip>, value: (row) => row.status },
              { title: said.columns.votes, show: (row) => said.votesOf(row.votes.length, row.tally.need), value: (row) => row.votes.length, isNumber: true },
              { title: said.columns.expires, show: (row) => <span title={moment(row.expires_at)}>{relative(row.expires_at)}</span>, value: (row) => row.expires_at },
              { title: said.columns.by, show: (row) => row.requested_by, value: (row) => row.requested_by },
            ]}
          />
        )}
      </Shown>
    </>
  );
}
