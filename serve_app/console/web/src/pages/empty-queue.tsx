// A queue with nothing to claim says why.
import type { Json } from "../api";
import { moment } from "../format";
import { href } from "../router";
import { Empty } from "../ui/states";

export function Nothing({ queue, row }: { queue: string; row: Json | null }) {
  return (
    <Empty>
      <p>
        <strong>Nothing to claim in {queue}.</strong> {cause(row)}
      </p>
      <p>
        New cases appear here by themselves. <a href={href("reviews")}>Look at the other queues</a>.
      </p>
    </Empty>
  );
}

function cause(row: Json | null): string {
  if (!row) return "Your roles do not see this queue.";
  if (row.empty?.reason) return String(row.empty.reason) + (row.empty.until ? ` until ${moment(row.empty.until)}` : "");
  if (row.leased > 0) return `All ${row.leased} open cases are leased by others.`;
  return row.waiting > 0 ? "What waits is not for you: you have answered or skipped it." : "No case waits.";
}
