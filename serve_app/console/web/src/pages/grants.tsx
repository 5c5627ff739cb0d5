// Rights that wait for a second person: who may give them sees them here, everybody else sees nothing.
import { act, read } from "../api";
import type { GrantView } from "../api-types";
import { moment } from "../format";
import { useLoad } from "../load";
import { text } from "../messages";
import { hasRole, who } from "../session";
import { tell } from "../toast";
import { Table } from "../ui/table";

export function Grants() {
  return hasRole("approver", "admin") ? <Waiting /> : null;
}

function Waiting() {
  const said = text.value.admin.grants;
  const loaded = useLoad(() => read("/v1/grants"), [], ["people"]);
  if (loaded.error) return <p class="notice">{said.failed(loaded.error.message)}</p>;
  const open = (loaded.data?.grants ?? []).filter((grant) => grant.status === "open");
  if (open.length === 0) return null;
  const settle = (grant: GrantView, what: "confirm" | "refuse") =>
    act(`POST /v1/grants/{grant_id}/${what}`, { grant_id: grant.grant_id }).then(
      () => loaded.reload(),
      (error: Error) => tell(error.message, "error"),
    );
  return (
    <Table
      caption={said.title}
      rows={open}
      rowKey={(row) => row.grant_id}
      columns={[
        { title: said.account, show: (row) => row.wish.account },
        { title: said.gets, show: (row) => (row.kind === "key" ? said.oneKey : said.roles(row.wish.roles.join(", "))) },
        { title: said.tasks, show: (row) => row.wish.tasks.join(", ") || said.all },
        { title: said.by, show: (row) => row.asked_by },
        { title: said.until, show: (row) => moment(row.ends_at) },
        {
          title: said.answer,
          show: (row) => (
            <>
              {row.asked_by === who.value?.id ? (
                `${said.other} `
              ) : (
                <>
                  <button type="button" onClick={() => void settle(row, "confirm")}>
                    {said.confirm(row.wish.account)}
                  </button>{" "}
                </>
              )}
              <button type="button" class="danger" onClick={() => void settle(row, "refuse")}>
                {said.refuse}
              </button>
            </>
          ),
        },
      ]}
    />
  );
}
