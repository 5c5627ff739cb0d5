// Reads what a request carries as free JSON: whoever made it may have written anything, so that each step is checked.

export function at(value: unknown, ...path: (string | number)[]): unknown {
  return path.reduce<unknown>((part, key) => (part !== null && typeof part === "object" ? (part as Record<string, unknown>)[key] : undefined), value);
}

export function numberAt(value: unknown, ...path: (string | number)[]): number | null {
  const found = at(value, ...path);
  return typeof found === "number" && Number.isFinite(found) ? found : null;
}

export function textAt(value: unknown, ...path: (string | number)[]): string | null {
  const found = at(value, ...path);
  return typeof found === "string" ? found : null;
}

export function listAt(value: unknown, ...path: (string | number)[]): unknown[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
}

export function pairsAt(value: unknown, ...path: (string | number)[]): [string, unknown][] {
  const found = at(value, ...path);
  return found !== null && typeof found === "object" && !Array.isArray(found) ? Object.entries(found) : [];
}
