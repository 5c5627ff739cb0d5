// What comes to one queue and leaves it: server-sent events; the browser comes back with the cursor by itself.
import { tellChanged, withdraw } from "./live";

const KINDS = ["review_new", "review_withdrawn", "lease_lost", "resync"];

/** Follows `queue` until the returned function is called; `news` is called for whatever comes. */
export function follow(queue: string, news: () => void): () => void {
  const events = new EventSource(`/v1/queues/${encodeURIComponent(queue)}/events`);
  const hear = (event: MessageEvent<string>) => {
    const data = JSON.parse(event.data) as { review_id?: string };
    if (event.type === "lease_lost" && data.review_id) withdraw(data.review_id);
    news();
    tellChanged("reviews");
  };
  events.onopen = news; // what came before it was heard by nobody
  for (const kind of KINDS) events.addEventListener(kind, hear);
  return () => events.close();
}
