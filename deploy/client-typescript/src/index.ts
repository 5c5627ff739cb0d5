// The client: a route by its name in the OpenAPI document, with the types of its path, its body and its answer.
import type { Answers, Bodies, Effects } from "./api-types.js";

export type * from "./api-types.js";

/** A problem document of the service, or what stood in its place. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly body: Record<string, unknown>,
    readonly retryAfterS: number | null,
  ) {
    super(String(body.detail ?? body.title ?? `HTTP ${status}`));
  }

  /** The last part of the problem's type, such as `not-found`. */
  get slug(): string {
    return String(this.body.type ?? "").split("/").pop() ?? "";
  }
}

/** No answer came. A change may have taken effect: repeat it with the same idempotency key. */
export class Unreachable extends Error {}

export interface Options {
  url: string;
  key: string;
  /** How often a request is sent at most. */
  tries?: number;
  /** How long one try may take. */
  timeoutS?: number;
  fetch?: typeof fetch;
  /** The headers of the trace that a request belongs to: `() => { const to = {}; propagation.inject(context.active(), to); return to; }`. */
  trace?: () => Record<string, string>;
}

type Braces<P extends string> = P extends `${string}{${infer Name}}${infer Rest}` ? Name | Braces<Rest> : never;
/** What fills the braces of a path. */
export type Parts<P extends string> = [Braces<P>] extends [never] ? Record<string, never> : Record<Braces<P>, string>;
export type Query = Record<string, string | number | boolean | undefined>;

type BodyOf<R> = R extends keyof Bodies
  ? null extends Bodies[R]
    ? [body?: Bodies[R], idempotencyKey?: string]
    : [body: Bodies[R], idempotencyKey?: string]
  : [body?: null, idempotencyKey?: string];

const LONGEST_WAIT_S = 30;
const SHED = [429, 503];

/** Asks one service with one key. */
export class Client {
  readonly #options: Required<Options>;

  constructor(options: Options) {
    this.#options = { tries: 5, timeoutS: 60, fetch: globalThis.fetch.bind(globalThis), trace: () => ({}), ...options };
  }

  /** Reads a route. */
  read<R extends keyof Answers>(route: R, parts: Parts<R>, query: Query = {}): Promise<Answers[R]> {
    const given = Object.entries(query).filter(([, value]) => value !== undefined);
    const said = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
    return this.#repeat<Answers[R]>("GET", filled(route, parts) + (said ? `?${said}` : ""), {});
  }

  /** Changes something, once for each idempotency key; without one, the call gets a key of its own. */
  act<R extends keyof Effects>(route: R, parts: Parts<R>, ...[body, key]: BodyOf<R>): Promise<Effects[R]> {
    const [method = "POST", path = ""] = route.split(" ");
    const request: RequestInit = { headers: { "idempotency-key": key ?? crypto.randomUUID() } };
    if (body !== undefined && body !== null) request.body = JSON.stringify(body);
    return this.#repeat<Effects[R]>(method, filled(path, parts), request);
  }

  async #repeat<T>(method: string, path: string, request: RequestInit): Promise<T> {
    for (let sent = 1; ; sent += 1) {
      try {
        return await this.#once<T>(method, path, request);
      } catch (error) {
        const waitS = sent < this.#options.tries ? pauseOf(error, sent) : null;
        if (waitS === null) throw error;
        await new Promise((resolve) => setTimeout(resolve, waitS * 1000));
      }
    }
  }

  async #once<T>(method: string, path: string, request: RequestInit): Promise<T> {
    const headers: Record<string, string> = { accept: "application/json", authorization: `Bearer ${this.#options.key}` };
    if (request.body !== undefined) headers["content-type"] = "application/json";
    Object.assign(headers, this.#options.trace(), request.headers);
    const signal = AbortSignal.timeout(this.#options.timeoutS * 1000);
    const [answer, text] = await this.#ask(this.#options.url.replace(/\/$/, "") + path, { ...request, method, headers, signal });
    if (answer.ok) return (text === "" ? undefined : JSON.parse(text)) as T;
    throw new Problem(answer.status, problemOf(text, answer.statusText), secondsOf(answer.headers.get("retry-after")));
  }

  /** The whole answer: one that breaks off has not come. */
  async #ask(url: string, request: RequestInit): Promise<[Response, string]> {
    try {
      const answer = await this.#options.fetch(url, request);
      return [answer, await answer.text()];
    } catch (error) {
      throw new Unreachable(`${url} gave no answer: ${String(error)}`, { cause: error });
    }
  }
}

function filled(path: string, parts: Record<string, string>): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const part = parts[name];
    if (!part) throw new TypeError(`${path} needs ${name}`);
    return encodeURIComponent(part);
  });
}

/** How long to wait before the same request again, or null where that would not help. */
function pauseOf(error: unknown, sent: number): number | null {
  const own = Math.min(0.25 * 2 ** sent, LONGEST_WAIT_S) * (0.5 + Math.random() / 2);
  if (error instanceof Unreachable) return own;
  if (!(error instanceof Problem) || !SHED.includes(error.status)) return null;
  return error.retryAfterS === null ? own : Math.min(error.retryAfterS, LONGEST_WAIT_S);
}

function problemOf(text: string, otherwise: string): Record<string, unknown> {
  try {
    const found: unknown = JSON.parse(text);
    return typeof found === "object" && found !== null ? (found as Record<string, unknown>) : { title: otherwise };
  } catch {
    return { title: otherwise };
  }
}

function secondsOf(header: string | null): number | null {
  const seconds = Number(header ?? Number.NaN);
  return Number.isFinite(seconds) ? seconds : null;
}
