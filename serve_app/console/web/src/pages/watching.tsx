// Models and policies that watch the cases of a task without deciding any: how often they would decide otherwise.
import { read } from "../api";
import type { PolicyShadow, WatchingModel } from "../api-types";
import { figure, percent, short } from "../format";
import { useLoad } from "../load";
import { text } from "../messages";
import { Table } from "../ui/table";
import { share } from "./staffing";

interface Row {
  name: string;
  isPolicy: boolean;
  found: PolicyShadow & Partial<Pick<WatchingModel, "failing">>;
}

/** Nothing where nothing watches: then there is no question that this table answers. */
export function Watching({ task }: { task: string }) {
  const { data } = useLoad(() => read("/v1/quality/{task}/shadow", { task }), [task], ["learning"]);
  const said = text.value.care.watching;
  if (data === undefined) return null;
  const rows: Row[] = [
    ...Object.entries(data.models).map(([name, found]) => ({ name, isPolicy: false, found })),
    ...Object.entries(data.policies).map(([name, found]) => ({ name, isPolicy: true, found })),
  ];
  if (rows.length === 0) return null;
  return (
    <Table
      caption={said.title}
      total={data.share === null ? "" : percent(data.share, 0)}
      rows={rows}
      rowKey={(row) => row.name}
      columns={[
        { title: said.what, show: (row) => <code title={row.name}>{`${short(row.name)}${row.isPolicy ? ` (${said.policy})` : ""}`}</code> },
        { title: said.cases, show: (row) => figure(row.found.cases), isNumber: true },
        { title: said.disagreement, show: (row) => share(row.found.route_disagreement), isNumber: true },
        { title: said.automation, show: (row) => share(row.found.watching.automation), isNumber: true },
        { title: said.inForce, show: (row) => share(row.found.in_force.automation), isNumber: true },
        { title: said.failing, show: (row) => (row.found.failing ? share(row.found.failing) : "–"), isNumber: true },
      ]}
    />
  );
}
