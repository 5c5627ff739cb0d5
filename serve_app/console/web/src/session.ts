// Who is signed in. The browser keeps the session as a cookie that no script can read; changes carry its anti-forgery token.
import { signal } from "@preact/signals";

export interface Person {
  id: string;
  roles: string[];
  tasks: string[];
}

interface SignedIn {
  person: Person;
  csrf: string;
}

const PATH = "/v1/sessions";

/** undefined: not known yet; null: nobody. */
export const who = signal<Person | null | undefined>(undefined);
export const farewell = signal("");
let csrf = "";

export const session = {
  headers(): Record<string, string> {
    return csrf ? { "x-csrf-token": csrf } : {};
  },
};

export async function resume(): Promise<void> {
  const answer = await fetch(`${PATH}/current`, { credentials: "same-origin" }).catch(() => null);
  adopt(answer?.ok ? ((await answer.json()) as SignedIn) : null);
}

/** Throws the refusal in words. */
export async function signIn(key: string): Promise<void> {
  const answer = await fetch(PATH, {
    method: "POST",
    credentials: "same-origin",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ key }),
  });
  const found = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(answer.status === 401 ? "This key is not known. Keys are printed at the first start." : String(found.detail ?? answer.statusText));
  farewell.value = "";
  adopt(found as SignedIn);
}

export async function signOut(): Promise<void> {
  await fetch(`${PATH}/current`, { method: "DELETE", credentials: "same-origin", headers: session.headers() }).catch(() => null);
  signedOut("You have signed out.");
}

export function signedOut(why: string): void {
  farewell.value = why;
  adopt(null);
}

export function hasRole(...roles: string[]): boolean {
  const mine = who.value?.roles ?? [];
  return mine.includes("admin") || roles.some((role) => mine.includes(role));
}

function adopt(found: SignedIn | null): void {
  csrf = found?.csrf ?? "";
  who.value = found?.person ?? null;
}
