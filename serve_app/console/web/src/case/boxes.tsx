// Where on its pages the fields of a document were read, drawn over the page. A pointer finds a field by its box; keys find the box by its field.
import { styleOf, type Placement } from "./placement";

export interface Place {
  name: string;
  title: string;
  page: number;
  /** Left, top, right and bottom, as shares of the page. */
  box: [number, number, number, number];
}

/** `focused` is the name of the field that has the focus; `pick` gives it to another one, and is not there where nothing is answered. */
export interface Places {
  places: Place[];
  focused: string | null;
  pick?: ((name: string) => void) | undefined;
}

/** The boxes that a case came with, in the order of `titles`, which name the fields; none where it came without. */
export function placesOf(boxes: unknown, titles: Record<string, string>): Place[] {
  if (boxes === null || typeof boxes !== "object") return [];
  const found = boxes as Record<string, { page: number; box: Place["box"] } | undefined>;
  return Object.entries(titles).flatMap(([name, title]) => {
    const at = found[name];
    return at ? [{ name, title, page: at.page, box: at.box }] : [];
  });
}

interface BoxesProps {
  places: Place[];
  focused: string | null;
  pick: ((name: string) => void) | undefined;
  /** The pixels of the page's picture. */
  size: { width: number; height: number };
  at: Placement;
}

/** It lies over the picture and moves with it: as large as the picture is drawn, which is never enlarged by itself. */
export function Boxes({ places, focused, pick, size, at }: BoxesProps) {
  const { width, height } = size;
  const most = { width: `min(100%, ${width}px)`, height: `min(56vh, 640px, ${height}px)`, transform: styleOf(at).transform };
  const last = (place: Place) => Number(place.name === focused); // what has the focus is drawn over the others
  return (
    <svg class={pick ? "boxes pickable" : "boxes"} viewBox={`0 0 ${width} ${height}`} style={most} aria-hidden="true">
      {[...places].sort((one, other) => last(one) - last(other)).map(({ name, title, box: [left, top, right, bottom] }) => (
        <rect
          key={name}
          data-box={name}
          class={name === focused ? "focused" : undefined}
          x={left * width}
          y={top * height}
          width={(right - left) * width}
          height={(bottom - top) * height}
          onPointerDown={(event) => pick && event.stopPropagation()}
          onClick={() => pick?.(name)}
        >
          <title>{title}</title>
        </rect>
      ))}
    </svg>
  );
}

/** Give the focus to the field of the answer form called `name`. */
export function goToField(name: string): void {
  const part = document.querySelector(`[data-field="${CSS.escape(name)}"]`);
  part?.querySelector<HTMLElement>("input, select, textarea, button")?.focus();
}
