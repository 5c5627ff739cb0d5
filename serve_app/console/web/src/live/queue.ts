// What comes to one queue and leaves it: server-sent events; the browser comes back with the cursor by itself.
import { refreshSoon, withdrawn } from "./live";

const KINDS = ["review_new", "review_withdrawn", "lease_lost", "resync"];

/** Follows `queue` until the returned function is called. */
export function follow(queue: string): () => void {
  const events = new EventSource(`/v1/queues/${encodeURIComponent(queue)}/events`);
  const hear = (event: MessageEvent<string>) => {
    const data = JSON.parse(event.data) as { review_id?: string };
    if (event.type === "lease_lost" && data.review_id) withdrawn.value = new Set([...withdrawn.value, data.review_id]);
    refreshSoon();
  };
  events.onopen = refreshSoon; // what came before it was heard by nobody
  for (const kind of KINDS) events.addEventListener(kind, hear);
  return () => events.close();
}
