// The filters of the case search as its address holds them, always in one order: the same filters are the same address.

export const TEXTS = ["label", "prediction", "reviewer"] as const;
const NAMES = ["task", "status", ...TEXTS, "days", "prefix", "since", "until"] as const;

export type Filters = Record<(typeof NAMES)[number], string>;

export function filtersOf(query: URLSearchParams): Filters {
  return Object.fromEntries(NAMES.map((name) => [name, query.get(name) ?? ""])) as Filters;
}

/** `task=digits&status=waiting`; empty: no filter. */
export function queryOf(filters: Filters): string {
  return new URLSearchParams(NAMES.filter((name) => filters[name] !== "").map((name) => [name, filters[name]])).toString();
}
