// A queue with nothing to claim says why.
import type { CallersQueue } from "../api-types";
import { moment } from "../format";
import { href } from "../router";
import { Empty } from "../ui/states";

export function Nothing({ queue, row }: { queue: string; row: CallersQueue | null }) {
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
  none: "No case is waiting.",
  leased: "All open cases are being reviewed by other people.",
  others: "The waiting cases are assigned to others.",
  answered: "You have answered all waiting cases; they need somebody else's answer too.",
  skipped: "You have skipped all waiting cases.",
  quarantined: "The waiting cases are set aside: they could not be shown to several people.",
  permission: "You don't have permission to review this queue.",
};

function cause(row: CallersQueue | null): string {
  const why = row?.why_empty;
  const text = WHY[why?.reason ?? ""] ?? "No case is waiting.";
  return why && "until" in why && why.until ? `${text} The first of them comes back at ${moment(why.until)} at the latest.` : text;
}
