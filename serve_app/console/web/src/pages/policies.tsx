// The policy of each task: what is in force, a proposed one tried on past cases first, then sent for approval.
import { read } from "../api";
import type { PolicyChange } from "../api-types";
import { moment, sentence } from "../format";
import { useLoad } from "../load";
import { text } from "../messages";
import { href } from "../router";
import { PageHead } from "../ui/page-head";
import { Shown } from "../ui/states";
import { Table } from "../ui/table";
import { TaskPicker } from "../ui/task-picker";
import { Revert, StopAutomation } from "./policy-care";
import { PolicyEditor } from "./policy-editor";

export function Policies() {
  return (
    <>
      <PageHead title={text.value.admin.policies.title} />
      <TaskPicker page="policies">{(task) => <Policy key={task} task={task} />}</TaskPicker>
    </>
  );
}

function Policy({ task }: { task: string }) {
  const loaded = useLoad(() => read("/v1/policies/{task}", { task }), [task], ["approvals"]);
  const history = useLoad(() => read("/v1/policies/{task}/history", { task }), [task], ["approvals"]);
  const said = text.value.admin;
  const reload = () => {
    loaded.reload();
    history.reload();
  };
  return (
    <>
      <Shown loaded={loaded}>{(found) => <PolicyEditor task={task} current={found.policy} version={found.version} />}</Shown>
      <StopAutomation task={task} reload={loaded.reload} />
      <Shown loaded={history}>
        {(found) => (
          <>
            <Table
              caption={said.policies.history}
              rows={[...found.history].reverse()}
              columns={[
                { title: said.models.deployment, show: (row) => `#${row.generation}`, isNumber: true },
                { title: said.models.since, show: (row) => moment(row.since) },
                { title: said.models.reason, show: (row) => row.reason ?? sentence(row.cause ?? "–") },
                { title: said.models.by, show: (row) => row.operator ?? said.models.quorum },
                { title: said.models.approval, show: (row) => (row.approval_id ? <a href={href("approvals", [row.approval_id])}>{row.approval_id}</a> : "–") },
                { title: text.value.care.policies.revert, show: (row) => (canReturn(row, found.history) ? <Revert task={task} approvalId={row.approval_id} generation={row.generation} reload={reload} /> : null) },
              ]}
            />
            {(found.history.at(-1)?.policy ?? null) === null ? null : <Revert task={task} approvalId={null} generation={0} reload={reload} />}
          </>
        )}
      </Shown>
    </>
  );
}

/** One that was adopted by votes and does not route now. */
function canReturn(row: PolicyChange, history: PolicyChange[]): boolean {
  const isSame = JSON.stringify(row.policy) === JSON.stringify(history.at(-1)?.policy);
  return !isSame && row.approval_id !== null;
}
