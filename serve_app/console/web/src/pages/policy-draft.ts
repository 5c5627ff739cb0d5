// A policy as its form reads and writes it. What the form does not show stays in the value as it is.
import type { Json } from "../api";
import { at, listAt, numberAt } from "./approval/evidence";
import type { Refusal } from "./proposal";

export const BANDS = ["automatic", "normal", "high"] as const;
export const RISKS = ["level", "confidence"] as const;
export const SHARES = ["random", "audit", "cold"] as const;
export const EFFECTS = ["high_risk", "expert", "compliance", "review", "priority"] as const;
export const PRIORITIES = ["urgent", "high", "normal", "low"] as const;

export type Band = (typeof BANDS)[number];
export type Share = (typeof SHARES)[number];
export type Effect = (typeof EFFECTS)[number];

/** What the service takes where a key is absent. */
export const DEFAULTS: Record<Band | Share, number> = { automatic: 0.95, normal: 0.8, high: 0.5, random: 0.1, audit: 0.05, cold: 1 };

export const MOST_RULES = 50;
export const MOST_EXPRESSION = 1000;
export const MOST_REASON = 200;
export const MOST_NAME = 64;

/** A certified risk that nobody has entered yet. */
const FIRST_RISK: Json = { level: 0.05, confidence: 0.9 };
const FORMER_RANDOM = "gold";

export type Path = (string | number)[];
export type Change = (value: Json) => Json;

export function isObject(value: unknown): value is Json {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

/** The value that `said` spells; null: no JSON object. */
export function parsed(said: string): Json | null {
  try {
    const found: unknown = JSON.parse(said);
    return isObject(found) ? found : null;
  } catch {
    return null;
  }
}

/** A copy of `value` in which `part` stands at `path`; undefined takes it away. Objects on the way are made. */
export function withPart(value: Json, path: Path, part: unknown): Json {
  return placed(value, path, part) as Json;
}

function placed(value: unknown, path: Path, part: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return part;
  const inner = placed(at(value, key), rest, part);
  if (Array.isArray(value)) return value.map((each: unknown, place) => (place === key ? inner : each));
  const entries = Object.entries(isObject(value) ? value : {}).filter(([name]) => name !== key || inner !== undefined);
  return inner === undefined ? Object.fromEntries(entries) : { ...Object.fromEntries(entries), [key]: inner };
}

/** Where the share stands: policies of before call the random sample gold. */
export function sharePath(value: Json, share: Share): Path {
  const isFormer = share === "random" && at(value, "sampling", share) === undefined && at(value, "sampling", FORMER_RANDOM) !== undefined;
  return ["sampling", isFormer ? FORMER_RANDOM : share];
}

export function isCertified(value: Json): boolean {
  return isObject(value.risk);
}

/** With a certificate or without; `before` is the certified risk that was there earlier. */
export function withRisk(value: Json, certified: boolean, before: unknown): Json {
  if (certified === isCertified(value)) return value;
  return { ...value, risk: certified ? (isObject(before) ? before : FIRST_RISK) : "uncertified" };
}

/** The rules; null: what stands there is no list of rules, and only JSON can mend it. */
export function rulesOf(value: Json): Json[] | null {
  const found = value.rules ?? [];
  return Array.isArray(found) && found.every(isObject) ? found : null;
}

/** One more rule, under a name that is free. */
export function withNewRule(value: Json): Json {
  const taken = listAt(value, "rules").map((rule) => at(rule, "name"));
  let number = taken.length + 1;
  while (taken.includes(`rule-${number}`)) number += 1;
  return { ...value, rules: [...listAt(value, "rules"), { name: `rule-${number}`, when: "", effect: "review" }] };
}

export function withoutRule(value: Json, place: number): Json {
  return { ...value, rules: listAt(value, "rules").filter((_, each) => each !== place) };
}

export function withRuleAgain(value: Json, place: number, rule: Json): Json {
  const rules = listAt(value, "rules");
  return { ...value, rules: [...rules.slice(0, place), rule, ...rules.slice(place)] };
}

export function withRuleMoved(value: Json, from: number, to: number): Json {
  const rules = listAt(value, "rules");
  if (to < 0 || to >= rules.length) return value;
  const others = rules.filter((_, place) => place !== from);
  return { ...value, rules: [...others.slice(0, to), rules[from], ...others.slice(to)] };
}

/** The band that is above the one before it; null: they are in order, or not all numbers. */
export function bandOutOfOrder(value: Json): Band | null {
  const found = BANDS.map((band) => numberAt(value, band) ?? (value[band] === undefined ? DEFAULTS[band] : Number.NaN));
  const wrong = found.findIndex((each, place) => place > 0 && each > (found[place - 1] ?? Number.NaN));
  return BANDS[wrong] ?? null;
}

/** Keys that are set and that the form does not show, with dots. */
export function hiddenKeys(value: Json): string[] {
  const shown: string[] = [...BANDS, "risk", "sampling", "rules"];
  const others = (part: unknown, known: readonly string[], before: string) => (isObject(part) ? Object.keys(part).filter((key) => !known.includes(key) && !isUnset(part[key])).map((key) => before + key).sort() : []);
  return [...others(value, shown, ""), ...others(value.risk, RISKS, "risk."), ...others(value.sampling, [...SHARES, FORMER_RANDOM], "sampling.")];
}

function isUnset(part: unknown): boolean {
  return part === null || part === undefined || (isObject(part) && Object.keys(part).length === 0);
}

/** What the form shows, as paths with strokes. */
function entriesOf(value: Json): string[] {
  const rules = listAt(value, "rules").flatMap((_, place) => ["", "/name", "/when", "/effect", "/reason", "/priority"].map((part) => `rules/${place}${part}`));
  const shares = SHARES.map((share) => `sampling/${share}`);
  return [...BANDS, "risk", ...(isCertified(value) ? RISKS.map((key) => `risk/${key}`) : []), "sampling", ...shares, "rules", ...rules];
}

/** Why the service refused what stands at each entry of the form, by its path; what is about none of them stands under "". */
export function refusalsByEntry(value: Json, refusals: Refusal[]): Map<string, string[]> {
  const entries = entriesOf(value);
  const found = new Map<string, string[]>();
  for (const { pointer, why } of refusals) {
    const place = pointer.replace(/^\/policy\/?/, "").replace(/^sampling\/gold$/, "sampling/random");
    const entry = entries.filter((each) => place === each || place.startsWith(`${each}/`)).sort((a, b) => b.length - a.length)[0] ?? "";
    const rest = place.slice(entry.length).replace(/^\//, "");
    found.set(entry, [...(found.get(entry) ?? []), rest ? `${rest.replaceAll("/", ".")}: ${reasonOf(why)}` : reasonOf(why)]);
  }
  return found;
}

/** Of "Expected a valid policy (why)" the reason alone: it stands at the field that it is about. */
function reasonOf(why: string): string {
  return /a valid policy \((.+)\)$/s.exec(why)?.[1]?.replace(/^Value error, /, "") ?? why;
}
