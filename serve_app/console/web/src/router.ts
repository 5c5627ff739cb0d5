// The address holds the page, the item and the filters: `#/reviews/digits?item=…`. Nothing else does.
import { signal } from "@preact/signals";

export interface Place {
  page: string;
  rest: string[];
  query: URLSearchParams;
}

export function parse(hash: string): Place {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?");
  const [page = "", ...rest] = path.split("/").map(decodeURIComponent);
  return { page: page || "overview", rest, query: new URLSearchParams(query) };
}

export function href(page: string, rest: string[] = [], query: Record<string, string | undefined> = {}): string {
  const kept = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined && pair[1] !== "");
  const text = new URLSearchParams(kept).toString();
  return `#/${[page, ...rest].map(encodeURIComponent).join("/")}${text ? `?${text}` : ""}`;
}

export const place = signal<Place>(parse(location.hash));

window.addEventListener("hashchange", () => {
  place.value = parse(location.hash);
});

/** The place changes at once and not with the browser's event: a rendering between the two would show the old one, and take
 * back what was just typed into a field that stands in the address. */
export function go(page: string, rest: string[] = [], query: Record<string, string | undefined> = {}): void {
  const hash = href(page, rest, query);
  place.value = parse(hash);
  location.hash = hash;
}
