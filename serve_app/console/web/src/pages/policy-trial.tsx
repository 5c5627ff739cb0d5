// A proposed policy on past cases beside the one in force: what changes, in figures.
import type { Json } from "../api";
import { said } from "../charts/interval";
import { figure, percent } from "../format";
import { Table } from "../ui/table";

interface Line {
  name: string;
  of: (figures: Json) => string;
}

const dollars = (value: number | null | undefined) => (value === null || value === undefined ? "–" : `$ ${value.toFixed(3)}`);

const LINES: Line[] = [
  { name: "decided by the model", of: (found) => said(found.automation_rate) },
  { name: "wrong among them, by people's answers", of: (found) => said(found.errors_automatic.by_labels) },
  { name: "wrong among them, by the model's own confidence", of: (found) => percent(found.errors_automatic.by_the_model) },
  { name: "cases to reviewers", of: (found) => figure(found.routes.review) },
  { name: "cases to experts", of: (found) => figure(found.routes.expert) },
  { name: "blind checks", of: (found) => figure(found.blind_checks, 1) },
  { name: "hours of reviewers", of: (found) => figure(found.reviewer_hours, 2) },
  { name: "cost per decision, people", of: (found) => dollars(found.cost_per_decision.people) },
  { name: "cost per decision, errors", of: (found) => dollars(found.cost_per_decision.errors) },
  { name: "started in time", of: (found) => percent(found.started_in_time) },
];

export function PolicyTrial({ result }: { result: Json }) {
  const rows = LINES.map((line) => ({ name: line.name, before: line.of(result.in_force), after: result.proposed ? line.of(result.proposed) : "–" }));
  const moved = Object.entries((result.moved ?? {}) as Record<string, number>);
  return (
    <div role="status">
      <Table
        caption={`On the newest ${figure(result.in_force.cases)} cases`}
        file="policy-trial"
        rows={rows}
        columns={[
          { title: "figure", show: (row) => (row.before === row.after ? row.name : <strong>{row.name}</strong>), value: (row) => row.name },
          { title: "in force", show: (row) => row.before, value: (row) => row.before },
          { title: "proposed", show: (row) => row.after, value: (row) => row.after },
        ]}
      />
      <p>{moved.length === 0 ? "No case would go elsewhere." : `Cases that go elsewhere: ${moved.map(([way, count]) => `${way.replace(" -> ", " to ")} ${figure(count)}`).join(", ")}.`}</p>
    </div>
  );
}
