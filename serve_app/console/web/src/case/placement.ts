// How a picture lies in its frame: zoomed, moved, turned, with more or less contrast. Pure: each step gives the next placement.

export interface Placement {
  zoom: number;
  x: number;
  y: number;
  turn: number;
  contrast: number;
}

export const PLAIN: Placement = { zoom: 1, x: 0, y: 0, turn: 0, contrast: 1 };

const ZOOM_STEP = 1.25;
const MOST_ZOOM = 16;
const CONTRAST_STEP = 0.25;
const MOVE_PX = 60;

export type Step = "in" | "out" | "left" | "right" | "up" | "down" | "turn" | "more" | "less" | "plain";

/** The key of each step, while the picture has the focus. */
export const STEPS: Record<string, Step> = { "+": "in", "=": "in", "-": "out", ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down", r: "turn", c: "more", C: "less", Home: "plain" };

export function stepped(at: Placement, step: Step): Placement {
  switch (step) {
    case "in":
      return zoomed(at, ZOOM_STEP);
    case "out":
      return zoomed(at, 1 / ZOOM_STEP);
    case "left":
      return moved(at, MOVE_PX, 0);
    case "right":
      return moved(at, -MOVE_PX, 0);
    case "up":
      return moved(at, 0, MOVE_PX);
    case "down":
      return moved(at, 0, -MOVE_PX);
    case "turn":
      return { ...at, turn: (at.turn + 90) % 360 };
    case "more":
      return { ...at, contrast: Math.min(4, at.contrast + CONTRAST_STEP) };
    case "less":
      return { ...at, contrast: Math.max(CONTRAST_STEP, at.contrast - CONTRAST_STEP) };
    case "plain":
      return PLAIN;
  }
}

export function moved(at: Placement, dx: number, dy: number): Placement {
  return { ...at, x: at.x + dx, y: at.y + dy };
}

/** Around the middle of the frame; at its own size the picture lies where it lay. */
function zoomed(at: Placement, times: number): Placement {
  const zoom = Math.min(MOST_ZOOM, Math.max(1, at.zoom * times));
  return zoom === 1 ? { ...at, zoom, x: 0, y: 0 } : { ...at, zoom, x: (at.x * zoom) / at.zoom, y: (at.y * zoom) / at.zoom };
}

/** What the style of the picture says. */
export function styleOf(at: Placement): { transform: string; filter: string } {
  return { transform: `translate(${at.x}px, ${at.y}px) scale(${at.zoom}) rotate(${at.turn}deg)`, filter: at.contrast === 1 ? "none" : `contrast(${at.contrast})` };
}
