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

const WHY: Record<string, string> = {
  none: "No case waits.",
  leased: "All open cases are in other people's hands.",
  others: "What waits is meant for others.",
  answered: "You have answered all that waits; it needs somebody else's answer too.",
  skipped: "You have skipped all that waits.",
  quarantined: "What waits is set aside: it could not be shown to several people.",
  permission: "Your roles do not answer in this queue.",
};

function cause(row: Json | null): string {
  const why = row?.why_empty;
  const text = WHY[why?.reason] ?? "No case waits.";
  return why?.until ? `${text} The first of them comes back at ${moment(why.until)} at the latest.` : text;
}
