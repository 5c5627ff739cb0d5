// The saved views of the case search as a list: each name once, the newest last.
import type { SavedView } from "../api-types";

/** As many as the service keeps for an account. */
export const MOST_VIEWS = 30;
export const MOST_VIEW_NAME = 60;

/** Saved under its name: in the place of the one that had it, or at the end. */
export function withView(views: SavedView[], view: SavedView): SavedView[] {
  return views.some(({ name }) => name === view.name) ? views.map((each) => (each.name === view.name ? view : each)) : [...views, view];
}

export function withoutView(views: SavedView[], name: string): SavedView[] {
  return views.filter((view) => view.name !== name);
}

/** Under its new name in its old place; the same list where another view has that name by now. */
export function renamedView(views: SavedView[], from: string, to: string): SavedView[] {
  return from !== to && views.some(({ name }) => name === to) ? views : views.map((view) => (view.name === from ? { ...view, name: to } : view));
}

/** Back where it was; the same list where its name is taken by now. */
export function withViewAgain(views: SavedView[], place: number, view: SavedView): SavedView[] {
  return views.some(({ name }) => name === view.name) ? views : [...views.slice(0, place), view, ...views.slice(place)];
}
