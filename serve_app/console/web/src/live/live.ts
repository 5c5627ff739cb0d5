// Live updates: one WebSocket with a ticket and a cursor, so that nothing is missed over a reconnect; without it, polling.
import { effect, signal } from "@preact/signals";
import { get, post, type Json } from "../api";
import { who } from "../session";
import { settings } from "../settings";

export type Link = "live" | "polling" | "offline";

export const link = signal<Link>("polling");
/** Counts up when something may have changed. */
export const refreshed = signal(0);
/** Items that somebody else has answered: they are withdrawn wherever they are shown. */
export const withdrawn = signal<ReadonlySet<string>>(new Set());

const PING_MS = 20_000;
const LONGEST_PAUSE_MS = 15_000;
const GATHER_MS = 300;

let socket: WebSocket | null = null;
let cursor: number | null = null;
let pauseMs = 500;
let gathering: number | undefined;

/** Says once for a burst of news that something has changed. */
export function refreshSoon(): void {
  if (gathering !== undefined) return;
  gathering = window.setTimeout(() => {
    gathering = undefined;
    refreshed.value += 1;
  }, GATHER_MS);
}

function hear(message: Json): void {
  if (typeof message.cursor === "number") cursor = message.cursor;
  const gone = message.type === "interaction_closed" ? message.data?.interaction_id : message.type === "review_closed" ? message.data?.review_id : null;
  if (typeof gone === "string") withdrawn.value = new Set([...withdrawn.value, gone]);
  refreshSoon();
}

async function connect(person: string): Promise<void> {
  const ticket = await post<Json>("/v1/tickets").catch(() => null);
  if (!ticket || who.value?.id !== person) return again(person);
  const query = new URLSearchParams({ ticket: ticket.ticket, ...(cursor === null ? {} : { cursor: String(cursor) }) });
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  const mine = new WebSocket(`${scheme}://${location.host}/ws/hitl/${encodeURIComponent(person)}?${query}`, "hitl");
  socket = mine;
  const ping = window.setInterval(() => mine.readyState === WebSocket.OPEN && mine.send("ping"), PING_MS);
  mine.onopen = () => {
    pauseMs = 500;
    link.value = "live";
    refreshSoon();
  };
  mine.onmessage = (event) => {
    if (event.data !== "pong") hear(JSON.parse(String(event.data)) as Json);
  };
  mine.onclose = () => {
    window.clearInterval(ping);
    if (socket === mine) again(person);
  };
  return undefined;
}

function again(person: string): void {
  if (link.value === "live") link.value = "polling";
  if (who.value?.id !== person) return;
  window.setTimeout(() => who.value?.id === person && void connect(person), pauseMs * (0.5 + Math.random()));
  pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
}

async function poll(): Promise<void> {
  if (link.value === "live" || !who.value) return;
  link.value = await get("/health").then(
    () => "polling" as const,
    () => "offline" as const,
  );
  if (link.value === "polling") refreshed.value += 1;
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
  cursor = null;
  socket?.close();
  socket = null;
  if (person !== null) void connect(person);
});

window.addEventListener("offline", () => {
  link.value = "offline";
});
window.addEventListener("online", () => void poll());
