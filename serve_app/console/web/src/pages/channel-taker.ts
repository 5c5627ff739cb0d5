// Who gets the messages of a channel that has no address here: the first of its fallbacks that has one.
import type { ChannelView } from "../api-types";

/** The channel's name; null: its messages reach nobody. */
export function takerOf(channel: ChannelView, channels: ChannelView[]): string | null {
  const seen = new Set<string>();
  let at: ChannelView | undefined = channel;
  while (at !== undefined && !at.is_configured && !seen.has(at.name)) {
    seen.add(at.name);
    const { fallback }: ChannelView = at;
    at = channels.find((each) => each.name === fallback);
  }
  return at?.is_configured ? at.name : null;
}
