// The choice of one status, which the address keeps.
interface StatusFilterProps {
  label: string;
  status: string;
  statuses: readonly string[];
  names: Record<string, string>;
  choose: (status: string) => void;
}

export function StatusFilter({ label, status, statuses, names, choose }: StatusFilterProps) {
  return (
    <p class="filters">
      <label>
        {label}
        <select value={status} onChange={(event) => choose(event.currentTarget.value)}>
          {statuses.map((each) => (
            <option key={each} value={each}>
              {names[each]}
            </option>
          ))}
        </select>
      </label>
    </p>
  );
}
