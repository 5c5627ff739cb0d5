// Who is signed in. The browser keeps the session as a cookie that no script can read; changes carry a mark of this page.
import { signal } from "@preact/signals";

export interface Person {
  id: string;
  roles: string[];
  tasks: string[];
  queues: string[];
  skills: string[];
}

const PATH = "/v1/session";
const MARK = { "x-hitl-request": "1" };

/** undefined: not known yet; null: nobody. */
export const who = signal<Person | null | undefined>(undefined);
export const farewell = signal("");

export const session = {
  headers(): Record<string, string> {
    return MARK;
  },
};

export async function resume(): Promise<void> {
  const answer = await fetch(PATH, { credentials: "same-origin" }).catch(() => null);
  who.value = answer?.ok ? person(await answer.json()) : null;
}

/** Throws the refusal in words. */
export async function signIn(key: string): Promise<void> {
  const headers = { ...MARK, authorization: `Bearer ${key}` };
  const answer = await fetch(PATH, { method: "POST", credentials: "same-origin", headers });
  const found = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(answer.status === 401 ? "This key is not known. Keys are printed at the first start." : String(found.detail ?? answer.statusText));
  farewell.value = "";
  who.value = person(found);
}

export async function signOut(): Promise<void> {
  await fetch(PATH, { method: "DELETE", credentials: "same-origin", headers: MARK }).catch(() => null);
  signedOut("You have signed out.");
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
