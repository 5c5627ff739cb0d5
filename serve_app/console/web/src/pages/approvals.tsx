// Requests that need votes: the list, and one with its evidence.
import { get, type Json } from "../api";
import { moment, short, words } from "../format";
import { useLoad } from "../load";
import { go, href, place } from "../router";
import { Shown } from "../ui/states";
import { Table } from "../ui/table";
import { Approval } from "./approval";
import { Grants } from "./grants";

const STATUSES = ["pending", "approved", "rejected", "expired", "deployed", "failed", "cancelled"];

export function Approvals() {
  const [id] = place.value.rest;
  return id ? <Approval key={id} id={id} /> : <List />;
}

function List() {
  const status = place.value.query.get("status") ?? "pending";
  const query = status === "all" ? "" : `?status=${status}`;
  const loaded = useLoad(() => get<{ approvals: Json[] }>(`/v1/approvals${query}`), [query]);
  return (
    <>
      <h1>Approvals</h1>
      <Grants />
      <p class="filters">
        <label>
          Status{" "}
          <select value={status} onChange={(event) => go("approvals", [], { status: event.currentTarget.value })}>
            {[...STATUSES, "all"].map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
        </label>
      </p>
      <Shown loaded={loaded}>
        {({ approvals }) => (
          <Table
            caption={`Approvals: ${status}`}
            file="approvals"
            empty={status === "pending" ? "Nothing waits for votes." : "None with this status."}
            rows={approvals}
            rowKey={(row) => row.approval_id}
            columns={[
              { title: "request", show: (row) => <a href={href("approvals", [row.approval_id])}>{row.title}</a>, value: (row) => row.title },
              { title: "kind", show: (row) => words(row.kind), value: (row) => row.kind },
              { title: "task", show: (row) => row.task ?? "–", value: (row) => row.task },
              { title: "urgency", show: (row) => row.urgency ?? "–", value: (row) => row.urgency },
              { title: "digest", show: (row) => <code>{short(row.digest)}</code>, value: (row) => row.digest },
              { title: "asked by", show: (row) => row.requested_by, value: (row) => row.requested_by },
              { title: "votes", show: (row) => `${(row.votes ?? []).length} of ${row.quorum ?? "–"}`, value: (row) => (row.votes ?? []).length },
              { title: "until", show: (row) => moment(row.expires_at), value: (row) => row.expires_at },
              { title: "status", show: (row) => row.status, value: (row) => row.status },
            ]}
          />
        )}
      </Shown>
    </>
  );
}
