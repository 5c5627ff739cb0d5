// Where messages may go, and a test message to each: whether it arrives is seen here before it matters.
import { act, read } from "../api";
import type { ChannelView } from "../api-types";
import { useLoad } from "../load";
import { text } from "../messages";
import { href, open } from "../router";
import { tell } from "../toast";
import { Chip } from "../ui/chip";
import { Shown } from "../ui/states";
import { Table } from "../ui/table";
import { takerOf } from "./channel-taker";

export function Channels() {
  const loaded = useLoad(() => read("/v1/outbox/channels"), [], []);
  const said = text.value.care.channels;
  return (
    <Shown loaded={loaded}>
      {({ channels }) => (
        <>
          <Table
            caption={said.title}
            empty={said.none}
            rows={channels}
            rowKey={(row) => row.name}
            columns={[
              { title: said.name, show: (row) => row.name, value: (row) => row.name },
              { title: said.kind, show: (row) => said.kinds[row.type] ?? row.type, value: (row) => row.type },
              { title: said.status, show: (row) => <Status channel={row} channels={channels} /> },
              { title: said.test, show: (row) => (row.takes_trials ? <Test channel={row.name} /> : "–") },
            ]}
          />
          <p class="hint">{said.hint}</p>
        </>
      )}
    </Shown>
  );
}

function Status({ channel, channels }: { channel: ChannelView; channels: ChannelView[] }) {
  const said = text.value.care.channels;
  if (channel.is_configured) return <Chip tone="good">{said.configured}</Chip>;
  const taker = takerOf(channel, channels);
  return <Chip tone="warn">{taker ? said.awayTo(taker) : said.away}</Chip>;
}

function Test({ channel }: { channel: string }) {
  const said = text.value.care.channels;
  const send = () =>
    act("POST /v1/outbox/channels/{channel}/test", { channel }).then(
      (told) => tell(said.sent(channel), "done", { label: said.follow, run: () => open(href("outbox", [told.delivery_id])) }),
      (error: Error) => tell(error.message, "error"),
    );
  return (
    <button type="button" class="quiet" aria-label={said.testOf(channel)} onClick={send}>
      {said.test}
    </button>
  );
}
