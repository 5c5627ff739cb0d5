// A queue with nothing to claim says why.
import type { CallersQueue } from "../api-types";
import { moment } from "../format";
import { text } from "../messages";
import { href } from "../router";
import { Empty } from "../ui/states";

export function Nothing({ queue, row }: { queue: string; row: CallersQueue | null }) {
  const said = text.value.review.empty;
  return (
    <Empty>
      <p>
        <strong>{said.title(queue)}</strong> {cause(row)}
      </p>
      <p>
        {said.arrive} <a href={href("reviews")}>{said.others}</a>
      </p>
    </Empty>
  );
}

function cause(row: CallersQueue | null): string {
  const said = text.value.review.empty;
  const why = row?.why_empty;
  const found = said.why[why?.reason ?? "none"] ?? said.why.none ?? "";
  return why && "until" in why && why.until ? `${found} ${said.back(moment(why.until))}` : found;
}
