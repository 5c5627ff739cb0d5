// Amounts side by side: a bar for each, with its value in words.
export interface Bar {
  name: string;
  value: number;
  text: string;
}

export function AmountBars({ label, bars }: { label: string; bars: Bar[] }) {
  const most = Math.max(1e-9, ...bars.map((bar) => bar.value));
  return (
    <ul class="bars wide" aria-label={label}>
      {bars.map((bar) => (
        <li key={bar.name}>
          <span class="name">{bar.name}</span>
          <meter min={0} max={most} value={bar.value} aria-label={bar.name} />
          <span class="number">{bar.text}</span>
        </li>
      ))}
    </ul>
  );
}
