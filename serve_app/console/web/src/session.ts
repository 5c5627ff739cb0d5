// Who is signed in. The browser keeps the session as a cookie that no script can read; changes carry a mark of this page.
import { signal } from "@preact/signals";
import type { PermissionsView } from "./api-types";
import { text } from "./messages";

export interface Person {
  id: string;
  roles: string[];
  tasks: string[];
  queues: string[];
  skills: string[];
}

const PATH = "/v1/session";
const MARK = { "x-hitl-request": "1" };

/** Names of what the service allows this person, such as `see_approvals`. */
export const allowed = signal<ReadonlySet<string>>(new Set());

export function may(what: string): boolean {
  return allowed.value.has(what);
}

/** undefined: not known yet; null: nobody. */
export const who = signal<Person | null | undefined>(undefined);
export const farewell = signal("");

export const session = {
  headers(): Record<string, string> {
    return MARK;
  },
};

/** What must be done while the session still stands: leases given back. */
const beforeLeaving = new Set<() => Promise<void>>();

export function onSignOut(run: () => Promise<void>): () => void {
  beforeLeaving.add(run);
  return () => void beforeLeaving.delete(run);
}

export async function resume(): Promise<void> {
  const answer = await fetch(PATH, { credentials: "same-origin" }).catch(() => null);
  await enter(answer?.ok ? person(await answer.json()) : null);
}

/** What the service allows is known before the first page is shown. */
async function enter(found: Person | null): Promise<void> {
  if (found !== null) {
    const answer = await fetch("/v1/permissions", { credentials: "same-origin" }).catch(() => null);
    const told = answer?.ok ? ((await answer.json()) as PermissionsView) : { may: [] };
    allowed.value = new Set(told.may);
  }
  who.value = found;
}

/** Throws the refusal in words. */
export async function signIn(key: string): Promise<void> {
  const headers = { ...MARK, authorization: `Bearer ${key}` };
  const answer = await fetch(PATH, { method: "POST", credentials: "same-origin", headers });
  const found = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(answer.status === 401 ? text.value.states.unknownKey : String(found.detail ?? answer.statusText));
  farewell.value = "";
  await enter(person(found));
}

export async function signOut(): Promise<void> {
  await Promise.allSettled([...beforeLeaving].map((run) => run()));
  await fetch(PATH, { method: "DELETE", credentials: "same-origin", headers: MARK }).catch(() => null);
  signedOut(text.value.states.signedOut);
}

export function signedOut(why: string): void {
  farewell.value = why;
  who.value = null;
}

export function hasRole(...roles: string[]): boolean {
  const mine = who.value?.roles ?? [];
  return roles.some((role) => mine.includes(role));
}

function person(found: Record<string, unknown>): Person {
  const list = (name: string) => (Array.isArray(found[name]) ? (found[name] as string[]) : []);
  return { id: String(found.account), roles: list("roles"), tasks: list("tasks"), queues: list("queues"), skills: list("skills") };
}
