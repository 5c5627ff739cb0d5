// Live updates: one socket with cursors tells which part of the service changed, so that a page asks for it anew; without it, polling.
import { effect, signal } from "@preact/signals";
import { act, read } from "../api";
import { may, who } from "../session";
import { settings } from "../settings";

export type Link = "live" | "polling" | "offline";
/** The parts of the service; `reviews` changes with every answer. */
export type Topic = "approvals" | "workflows" | "learning" | "people" | "alerts" | "reviews";

export const link = signal<Link>("polling");
/** Items that somebody else has answered: they are withdrawn wherever they are shown. */
export const withdrawn = signal<ReadonlySet<string>>(new Set());

const PING_MS = 10_000;
const SILENT_MS = 25_000;
const LONGEST_PAUSE_MS = 15_000;
const GATHER_MS: Record<Topic, number> = { approvals: 100, workflows: 100, learning: 300, people: 300, alerts: 100, reviews: 2_000 };
/** What a topic needs. Of the others the service tells nothing: pages that show the person's own part of them look from time to time. */
const NEEDS: Record<Topic, string> = { approvals: "see_approvals", workflows: "see_metrics", learning: "see_retrainings", people: "manage_people", alerts: "see_alerts", reviews: "see_queues" };
/** Notices are sent by the outbox soon after the change that they tell of. */
const NOTICES_MS = 2_500;

const listeners = new Map<() => void, ReadonlySet<Topic>>();
const gathering = new Map<Topic, number>();

let socket: WebSocket | null = null;
let cursor: number | null = null;
let changes = "";
let lastHeard = 0;
let pauseMs = 500;

/** Calls `run` whenever one of `topics` may have changed, until the returned function is called. */
export function heard(topics: Topic[], run: () => void): () => void {
  listeners.set(run, new Set(topics));
  return () => void listeners.delete(run);
}

/** Says once for a burst of news that `topic` has changed. */
export function tellChanged(topic: Topic, afterMs = GATHER_MS[topic]): void {
  if (gathering.has(topic)) return;
  const timer = window.setTimeout(() => {
    gathering.delete(topic);
    for (const [run, topics] of [...listeners]) if (topics.has(topic)) run();
  }, afterMs);
  gathering.set(topic, timer);
}

function tellAll(): void {
  for (const topic of Object.keys(GATHER_MS) as Topic[]) tellChanged(topic, 0);
}

/** The review is somebody else's now. */
export function withdraw(id: string): void {
  withdrawn.value = new Set([...withdrawn.value, id]);
}

interface Message {
  type: string;
  cursor?: number;
  topics?: Topic[];
  changes?: string;
  data?: { interaction_id?: string };
}

function hear(message: Message): void {
  if (message.type === "changed") {
    changes = message.changes ?? changes;
    for (const topic of message.topics ?? []) tellChanged(topic);
    if (message.topics?.length) window.setTimeout(() => tellChanged("alerts"), NOTICES_MS);
    return;
  }
  if (typeof message.cursor === "number") cursor = message.cursor;
  if (message.type === "interaction_closed" && message.data?.interaction_id) withdraw(message.data.interaction_id);
  tellChanged("workflows");
}

async function connect(person: string): Promise<void> {
  const ticket = await act("POST /v1/tickets", {}).catch(() => null);
  if (!ticket || who.value?.id !== person) return again(person);
  const query = new URLSearchParams({ ticket: ticket.ticket, changes, ...(cursor === null ? {} : { cursor: String(cursor) }) });
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  const mine = new WebSocket(`${scheme}://${location.host}/ws/hitl/${encodeURIComponent(person)}?${query}`, "hitl");
  socket = mine;
  lastHeard = performance.now();
  const ping = window.setInterval(() => watch(mine), PING_MS);
  mine.onopen = () => {
    pauseMs = 500;
    link.value = "live";
    if (changes === "") return; // the first connection: the pages have just asked
    tellChanged("workflows");
  };
  mine.onmessage = (event) => {
    lastHeard = performance.now();
    if (event.data !== "pong") hear(JSON.parse(String(event.data)) as Message);
  };
  mine.onclose = () => {
    window.clearInterval(ping);
    if (socket === mine) again(person);
  };
  return undefined;
}

/** A connection that says nothing is none, whatever the browser believes. */
function watch(mine: WebSocket): void {
  if (performance.now() - lastHeard > SILENT_MS) mine.close();
  else if (mine.readyState === WebSocket.OPEN) mine.send("ping");
}

function again(person: string): void {
  socket = null;
  if (link.value === "live") link.value = "polling";
  if (who.value?.id !== person) return;
  window.setTimeout(() => who.value?.id === person && socket === null && void connect(person), pauseMs * (0.5 + Math.random()));
  pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
}

async function poll(): Promise<void> {
  if (!who.value) return;
  if (link.value === "live") {
    for (const topic of Object.keys(NEEDS) as Topic[]) if (!may(NEEDS[topic])) tellChanged(topic);
    return;
  }
  link.value = await read("/health").then(
    () => "polling" as const,
    () => "offline" as const,
  );
  if (link.value === "polling") tellAll();
}

effect(() => {
  const timer = window.setInterval(() => void poll(), settings.value.refreshInterval);
  return () => window.clearInterval(timer);
});

let connected: string | null = null;
effect(() => {
  const person = who.value?.id ?? null;
  if (person === connected) return;
  connected = person;
  [cursor, changes] = [null, ""];
  const former = socket;
  socket = null;
  former?.close();
  if (person !== null) void connect(person);
});

window.addEventListener("offline", () => {
  link.value = "offline";
});
// A socket that stood before the network went may be dead without knowing it: it is opened anew.
window.addEventListener("online", () => {
  pauseMs = 500;
  link.value = "polling";
  if (socket) socket.close();
  else if (who.value) void connect(who.value.id);
  tellAll();
});
