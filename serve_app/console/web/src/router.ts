// The address holds the page, the object and the filters: `/reviews/digits?priority=high`. Nothing else does.
import { signal } from "@preact/signals";

export interface Place {
  page: string;
  rest: string[];
  query: URLSearchParams;
}

/** Pages that had another name. */
const FORMER: Record<string, string> = { experiments: "models" };

export function parse(address: string): Place {
  const [path = "", query = ""] = address.replace(/^#?\/?/, "").split("?");
  const [page = "", ...rest] = path.split("/").map(decoded);
  return { page: FORMER[page] ?? (page || "overview"), rest: rest.filter((part) => part !== ""), query: new URLSearchParams(query) };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

type Query = Record<string, string | undefined>;

export function href(page: string, rest: string[] = [], query: Query = {}): string {
  const kept = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined && pair[1] !== "");
  const said = new URLSearchParams(kept).toString();
  return `/${[page, ...rest].map(encodeURIComponent).join("/")}${said ? `?${said}` : ""}`;
}

function here(): string {
  return location.hash.startsWith("#/") ? location.hash : location.pathname + location.search;
}

export const place = signal<Place>(parse(here()));

/** Opens a page; the place changes at once, so that no rendering shows the old one in between. */
export function go(page: string, rest: string[] = [], query: Query = {}): void {
  open(href(page, rest, query));
}

/** Another address for what is shown already: filters, or the case in hand. Going back skips it. */
export function restate(page: string, rest: string[] = [], query: Query = {}): void {
  const address = href(page, rest, query);
  if (address !== location.pathname + location.search) history.replaceState(null, "", address);
  place.value = parse(address);
}

/** Opens an address of the console. */
export function open(address: string): void {
  if (address !== location.pathname + location.search) history.pushState(null, "", address);
  place.value = parse(address);
}

/** Addresses of the former form, `#/page`, still work. */
function readHash(): void {
  if (!location.hash.startsWith("#/")) return;
  const found = parse(location.hash);
  restate(found.page, found.rest, Object.fromEntries(found.query));
}

/** Whether the console itself shows what the link leads to. */
function isOurs(link: HTMLAnchorElement): boolean {
  const isPlain = link.origin === location.origin && link.target === "" && !link.hasAttribute("download");
  return isPlain && !/^\/(v1|api|assets|hitl|health|ready)(\/|$)/.test(link.pathname);
}

function follow(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = (event.target as Element | null)?.closest?.("a[href]");
  if (!(link instanceof HTMLAnchorElement) || link.hash !== "" || !isOurs(link)) return;
  event.preventDefault();
  open(link.pathname + link.search);
}

readHash();
document.addEventListener("click", follow);
window.addEventListener("popstate", () => {
  place.value = parse(here());
});
window.addEventListener("hashchange", readHash);
