// Shares of one whole as labelled bars: readable without the colours.
import { percent } from "../format";

export function Bars({ rows, label }: { rows: { name: string; share: number }[]; label: string }) {
  return (
    <ul class="bars" aria-label={label}>
      {rows.map((row) => (
        <li key={row.name}>
          <span class="name">{row.name}</span>
          <meter min={0} max={1} value={row.share} aria-label={row.name} />
          <span class="number">{percent(row.share)}</span>
        </li>
      ))}
    </ul>
  );
}
