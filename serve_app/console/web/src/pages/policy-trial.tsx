// A proposed policy on past cases beside the one in force: what changes, in figures.
import type { PolicyTrial as Trial, TrialFigures } from "../api-types";
import { said as inWords } from "../charts/interval";
import { dollars, figure, percent } from "../format";
import { text } from "../messages";
import { Table } from "../ui/table";

type LineName = keyof typeof text.value.admin.trial.lines;

const LINES: Record<LineName, (found: TrialFigures) => string> = {
  automatic: (found) => inWords(found.automation_rate),
  wrongByPeople: (found) => inWords(found.errors_automatic.by_labels),
  wrongByModel: (found) => percent(found.errors_automatic.by_the_model),
  reviews: (found) => figure(found.routes.review ?? 0),
  experts: (found) => figure(found.routes.expert ?? 0),
  checks: (found) => figure(found.blind_checks, 1),
  hours: (found) => `${figure(found.reviewer_hours, 2)} h`,
  costPeople: (found) => dollars(found.cost_per_decision.people),
  costErrors: (found) => dollars(found.cost_per_decision.errors),
  inTime: (found) => percent(found.started_in_time),
};

export function PolicyTrial({ result }: { result: Trial }) {
  const said = text.value.admin.trial;
  const { proposed } = result;
  const rows = (Object.keys(LINES) as LineName[]).map((name) => ({ name: said.lines[name], before: LINES[name](result.in_force), after: proposed ? LINES[name](proposed) : "–" }));
  const moved = Object.entries(result.moved ?? {});
  const list = moved.map(([way, count]) => {
    const [from = "", to = ""] = way.split(" -> ");
    return said.to(from, to, figure(count));
  });
  return (
    <div role="status">
      <Table
        caption={said.caption(figure(result.in_force.cases))}
        file="policy-trial"
        rows={rows}
        columns={[
          { title: said.figure, show: (row) => (row.before === row.after ? row.name : <strong>{row.name}</strong>), value: (row) => row.name },
          { title: said.inForce, show: (row) => row.before, value: (row) => row.before },
          { title: said.proposed, show: (row) => row.after, value: (row) => row.after },
        ]}
      />
      <p>{moved.length === 0 ? said.unmoved : said.moved(list.join(", "))}</p>
    </div>
  );
}
