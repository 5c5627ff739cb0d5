// Who agrees with whom: the matrix is a table already, shaded by agreement and readable without the shade.
import type { Json } from "../api";
import { figure, percent } from "../format";
import { Chart, Missing } from "./chart";
import { basis, estimate } from "./interval";

export function Agreement({ curves }: { curves: Json }) {
  const { people, pairs, alpha, missing } = curves.agreement as { people: string[]; pairs: Json[]; alpha: Json; missing: string };
  if (missing) return <Missing title="How far people agree" why={missing} />;
  const found = new Map(pairs.flatMap((pair) => [[`${pair.a}|${pair.b}`, pair], [`${pair.b}|${pair.a}`, pair]] as [string, Json][]));
  return (
    <Chart
      title={`People agree with Krippendorff's alpha ${figure(alpha.value, 2)} (${figure(alpha.low, 2)} – ${figure(alpha.high, 2)})`}
      basis={`${basis(alpha)}; 1 is perfect, 0 is what chance gives`}
      rows={pairs}
      file="agreement"
      columns={[
        { title: "one", show: (pair) => pair.a, value: (pair) => pair.a },
        { title: "other", show: (pair) => pair.b, value: (pair) => pair.b },
        ...estimate<Json>("agree", (pair) => pair),
      ]}
    >
      <div class="scroll" role="region" aria-label="Matrix of agreement" tabIndex={0}>
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

function Cell({ pair }: { pair: Json | undefined }) {
  if (!pair) return <td class="number">–</td>;
  return (
    <td class={`number shade-${Math.min(4, Math.floor(5 * pair.value))}`} title={`${percent(pair.low)} – ${percent(pair.high)}, n = ${pair.n}`}>
      {percent(pair.value, 0)}
    </td>
  );
}
