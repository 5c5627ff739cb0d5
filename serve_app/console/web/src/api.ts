// Calls to the service. A change carries an idempotency key of its own, kept over its repetitions: one press, one effect.
import type { Answers, Bodies, Effects } from "./api-types";
import { text } from "./messages";
import { session, signedOut } from "./session";

/** Free JSON: what a task, a pipeline or a trainer wrote. What the service itself says has types of its own. */
export type Json = Record<string, unknown>;

/** A problem document of the service, or what stood in its place. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly body: Json,
    readonly retryAfterS: number | null,
  ) {
    super(String(body.detail ?? body.title ?? `HTTP ${status}`));
  }

  get slug(): string {
    return String(this.body.type ?? "").split("/").pop() ?? "";
  }
}

/** The service could not be reached: the state of the change, if there was one, is unknown until it is repeated. */
export class Offline extends Error {
  constructor() {
    super(text.value.states.keptOffline);
  }
}

const TRIES = 3;
const LONGEST_WAIT_S = 5;

type Parts = Record<string, string>;
type Query = Record<string, string | number | undefined>;

/** Reads a route that the OpenAPI document describes; `parts` fill the braces of its path. */
export async function read<R extends keyof Answers>(route: R, parts: Parts = {}, query: Query = {}): Promise<Answers[R]> {
  const kept = Object.entries(query).filter((pair): pair is [string, string | number] => pair[1] !== undefined && pair[1] !== "");
  const said = new URLSearchParams(kept.map(([name, value]) => [name, String(value)])).toString();
  return call<Answers[R]>("GET", filled(route, parts) + (said ? `?${said}` : ""));
}

type BodyOf<R> = R extends keyof Bodies ? [body: NonNullable<Bodies[R]>, key?: string] : [body?: null, key?: string];

/** Changes something by a route that the OpenAPI document describes. */
export async function act<R extends keyof Effects>(route: R, parts: Parts, ...[body, key]: BodyOf<R>): Promise<Effects[R]> {
  const [method = "POST", path = ""] = route.split(" ");
  return call<Effects[R]>(method, filled(path, parts), body ?? null, key ?? crypto.randomUUID());
}

function filled(path: string, parts: Parts): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(parts[name] ?? ""));
}

export async function post<T>(path: string, body?: object, key: string = crypto.randomUUID()): Promise<T> {
  return call<T>("POST", path, body ?? null, key);
}

/** What answers in JSON Lines: one object a line. */
export async function lines(path: string): Promise<Json[]> {
  return call<Json[]>("GET", path);
}

async function call<T>(method: string, path: string, body: object | null = null, key?: string): Promise<T> {
  for (let left = TRIES; ; left -= 1) {
    try {
      return await once<T>(method, path, body, key);
    } catch (error) {
      const waitS = left > 1 ? pauseOf(error) : null;
      if (waitS === null) throw error;
      await new Promise((resolve) => setTimeout(resolve, waitS * 1000));
    }
  }
}

/** How long to wait before the same request again, or null where that would not help. */
function pauseOf(error: unknown): number | null {
  if (error instanceof Offline) return 0.5;
  if (!(error instanceof Problem) || error.status !== 503) return null;
  return Math.min(error.retryAfterS ?? 1, LONGEST_WAIT_S);
}

async function once<T>(method: string, path: string, body: object | null, key?: string): Promise<T> {
  const headers: Record<string, string> = { accept: "application/json", ...session.headers() };
  if (body !== null) headers["content-type"] = "application/json";
  if (key !== undefined) headers["idempotency-key"] = key;
  const request: RequestInit = { method, headers, credentials: "same-origin" };
  if (body !== null) request.body = JSON.stringify(body);
  const answer = await fetch(path, request).catch(() => {
    throw new Offline();
  });
  if (answer.status === 204) return undefined as T;
  if (answer.ok && answer.headers.get("content-type")?.startsWith("application/x-ndjson")) return linesOf(await answer.text()) as T;
  const found = (await answer.json().catch(() => ({ title: answer.statusText }))) as Json;
  if (answer.ok) return found as T;
  if (answer.status === 401) signedOut(text.value.states.sessionEnded);
  const retryAfter = Number(answer.headers.get("retry-after") ?? Number.NaN);
  throw new Problem(answer.status, found, Number.isNaN(retryAfter) ? null : retryAfter);
}

function linesOf(text: string): Json[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Json);
}
