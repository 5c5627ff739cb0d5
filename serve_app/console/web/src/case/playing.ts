// How a recording is played: where it is, how fast it goes. Pure: each step gives what the player is set to.

export interface Playing {
  /** Seconds from the start. */
  at: number;
  speed: number;
  isPaused: boolean;
}

const SEEK_S = 5;
const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 2];

export type PlayStep = "play" | "back" | "forward" | "slower" | "faster" | "start";

/** The key of each step, while the recording has the focus. */
export const PLAY_KEYS: Record<string, PlayStep> = { " ": "play", ArrowLeft: "back", ArrowRight: "forward", "-": "slower", "+": "faster", "=": "faster", Home: "start" };

/** `length` is that of the recording in seconds. */
export function played(now: Playing, step: PlayStep, length: number): Playing {
  switch (step) {
    case "play":
      return { ...now, isPaused: !now.isPaused };
    case "back":
      return { ...now, at: Math.max(0, now.at - SEEK_S) };
    case "forward":
      return { ...now, at: Math.min(length, now.at + SEEK_S) };
    case "slower":
      return { ...now, speed: [...SPEEDS].reverse().find((speed) => speed < now.speed) ?? now.speed };
    case "faster":
      return { ...now, speed: SPEEDS.find((speed) => speed > now.speed) ?? now.speed };
    case "start":
      return { ...now, at: 0 };
  }
}
