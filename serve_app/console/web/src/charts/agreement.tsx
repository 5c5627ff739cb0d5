// Who agrees with whom: the matrix is a table already, shaded by agreement and readable without the shade.
import type { PairAgreement, TaskCurves } from "../api-types";
import { figure, percent } from "../format";
import { text } from "../messages";
import { Chart, Missing } from "./chart";
import { basis, estimate, range } from "./interval";

export function Agreement({ curves }: { curves: TaskCurves }) {
  const { people, pairs, alpha, missing } = curves.agreement;
  const said = text.value.charts.agreement;
  if (missing) return <Missing title={said.title} why={missing} />;
  const found = new Map(pairs.flatMap((pair) => [[`${pair.a}|${pair.b}`, pair], [`${pair.b}|${pair.a}`, pair]] as [string, PairAgreement][]));
  return (
    <Chart
      title={said.found(figure(alpha.value, 2), range(alpha, (value) => figure(value, 2)))}
      basis={`${basis(alpha)}; ${said.basis}`}
      rows={pairs}
      file="agreement"
      columns={[
        { title: said.one, show: (pair) => pair.a, value: (pair) => pair.a },
        { title: `${said.other} 2`, show: (pair) => pair.b, value: (pair) => pair.b },
        ...estimate<PairAgreement>(said.agree, (pair) => pair),
      ]}
    >
      <div class="scroll" role="region" aria-label={said.matrix} tabIndex={0}>
        <table class="matrix">
          <thead>
            <tr>
              <td />
              {people.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {people.map((row) => (
              <tr key={row}>
                <th scope="row">{row}</th>
                {people.map((column) => (
                  <Cell key={column} pair={found.get(`${row}|${column}`)} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Chart>
  );
}

function Cell({ pair }: { pair: PairAgreement | undefined }) {
  if (!pair || pair.value === null) return <td class="number">–</td>;
  return (
    <td class={`number shade-${Math.min(4, Math.floor(5 * pair.value))}`} title={`${percent(pair.low)} – ${percent(pair.high)}, n = ${pair.n}`}>
      {percent(pair.value, 0)}
    </td>
  );
}
