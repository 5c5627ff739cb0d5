// Rights that wait for a second person: who may give them sees them here, everybody else sees nothing.
import { post, read } from "../api";
import type { GrantView } from "../api-types";
import { moment } from "../format";
import { useLoad } from "../load";
import { hasRole, who } from "../session";
import { tell } from "../toast";
import { Table } from "../ui/table";

export function Grants() {
  return hasRole("approver", "admin") ? <Waiting /> : null;
}

function Waiting() {
  const loaded = useLoad(() => read("/v1/grants"));
  if (loaded.error) return <p class="notice">The rights that wait for a second person cannot be read: {loaded.error.message}</p>;
  const open = (loaded.data?.grants ?? []).filter((grant) => grant.status === "open");
  if (open.length === 0) return null;
  const settle = (grant: GrantView, what: "confirm" | "refuse") =>
    post(`/v1/grants/${encodeURIComponent(grant.grant_id)}/${what}`).then(
      () => loaded.reload(),
      (error: Error) => tell(error.message, "error"),
    );
  return (
    <Table
      caption="Rights that wait for a second person"
      rows={open}
      rowKey={(row) => row.grant_id}
      columns={[
        { title: "account", show: (row) => row.wish.account },
        { title: "gets", show: (row) => (row.kind === "key" ? "one more key" : `the roles ${row.wish.roles.join(", ")}`) },
        { title: "tasks", show: (row) => row.wish.tasks.join(", ") || "all" },
        { title: "asked by", show: (row) => row.asked_by },
        { title: "until", show: (row) => moment(row.ends_at) },
        {
          title: "answer",
          show: (row) => (
            <>
              {row.asked_by === who.value?.id ? (
                "Somebody else confirms it. "
              ) : (
                <>
                  <button type="button" onClick={() => void settle(row, "confirm")}>
                    Confirm for {row.wish.account}
                  </button>{" "}
                </>
              )}
              <button type="button" class="danger" onClick={() => void settle(row, "refuse")}>
                Refuse
              </button>
            </>
          ),
        },
      ]}
    />
  );
}
