// The contents of a case that an answer is about: found by their paths, and left out of the rest.

/** The text at `path`, such as `/answer` or `/messages/-1/content`; null where there is none, or where it is masked as a whole. */
export function contentAt(features: unknown, path: string): string | null {
  const found = path.split("/").slice(1).reduce(partOf, features);
  return typeof found === "string" ? found : null;
}

/** `features` without the members at `paths`; an array keeps its items. */
export function without(features: unknown, paths: string[]): unknown {
  const own = paths.map((path) => path.split("/").slice(1));
  if (own.length === 0 || features === null || typeof features !== "object" || Array.isArray(features)) return features;
  const gone = new Set(own.filter((parts) => parts.length === 1).map((parts) => parts[0]));
  const kept = Object.entries(features).filter(([name]) => !gone.has(name));
  return Object.fromEntries(kept.map(([name, value]) => [name, without(value, deeper(own, name))]));
}

function deeper(paths: string[][], name: string): string[] {
  return paths.filter((parts) => parts.length > 1 && parts[0] === name).map((parts) => `/${parts.slice(1).join("/")}`);
}

function partOf(value: unknown, name: string): unknown {
  if (Array.isArray(value)) return /^-?[0-9]+$/.test(name) ? value.at(Number(name)) : undefined;
  return value !== null && typeof value === "object" ? (value as Record<string, unknown>)[name] : undefined;
}
