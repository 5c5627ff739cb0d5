// Messages that left the service, that wait or that nobody took; one can be sent again.
import { act, read } from "../api";
import type { Delivery } from "../api-types";
import { figure, inside, moment, relative, sentence, span } from "../format";
import { useLoad } from "../load";
import { text } from "../messages";
import { href, place, restate } from "../router";
import { Chip, toneOf, type Tone } from "../ui/chip";
import { Facts, Raw } from "../ui/facts";
import { Id } from "../ui/id";
import { PageHead } from "../ui/page-head";
import { perform } from "../ui/perform";
import { Shown } from "../ui/states";
import { StatusFilter } from "../ui/status-filter";
import { Table } from "../ui/table";
import { Verbatim } from "../ui/verbatim";
import { Channels } from "./channels";

const STATUSES = ["dead", "waiting", "delivered"] as const;
const TONES: Record<string, Tone> = { dead: "bad", waiting: "info", delivered: "good" };
const LIMIT = 200;

export function Outbox() {
  const [id] = place.value.rest;
  return id ? <One key={id} id={id} /> : <List />;
}

function replay(delivery: Delivery, after: () => void): void {
  perform(act("POST /v1/outbox/{delivery_id}/replay", { delivery_id: delivery.id }), text.value.care.outbox.replayed(1), after);
}

function List() {
  const status = place.value.query.get("status") ?? "dead";
  const loaded = useLoad(() => read("/v1/outbox", {}, { status, limit: LIMIT }), [status], ["alerts"]);
  const said = text.value.care.outbox;
  const replayAll = () => perform(act("POST /v1/outbox/replay", {}), (answer) => said.replayed(answer.replayed.length), loaded.reload);
  return (
    <>
      <PageHead title={text.value.shell.pages.outbox} />
      <StatusFilter label={said.status} status={status} statuses={STATUSES} names={said.statuses} choose={(each) => restate("outbox", [], { status: each })} />
      <Shown loaded={loaded}>
        {({ counts, deliveries }) => (
          <>
            <Table
              caption={said.caption(said.statuses[status] ?? status)}
              total={Object.entries(counts).map(([name, count]) => `${figure(count)} ${inside(said.statuses[name] ?? sentence(name))}`).join(", ")}
              file="messages"
              empty={said.none}
              rows={deliveries}
              rowKey={(row) => row.id}
              columns={[
                { title: said.message, show: (row) => <a href={href("outbox", [row.id])}><Verbatim>{row.title || row.kind}</Verbatim></a>, value: (row) => row.title },
                { title: said.channel, show: (row) => row.channel, value: (row) => row.channel },
                { title: said.created, show: (row) => <span title={moment(row.created_at)}>{relative(row.created_at)}</span>, value: (row) => row.created_at },
                { title: said.attempts, show: (row) => figure(row.attempts), value: (row) => row.attempts, isNumber: true },
                { title: said.error, show: (row) => <Verbatim>{row.last_error ?? "–"}</Verbatim>, value: (row) => row.last_error, isLong: true },
                {
                  title: said.replay,
                  show: (row) =>
                    row.status === "waiting" ? null : (
                      <button type="button" class="quiet" aria-label={said.replayOf(row.title)} onClick={() => replay(row, loaded.reload)}>
                        {said.replay}
                      </button>
                    ),
                },
              ]}
            />
            {status === "dead" && deliveries.length > 0 ? (
              <p>
                <button type="button" onClick={replayAll}>
                  {said.replayAll}
                </button>
              </p>
            ) : null}
          </>
        )}
      </Shown>
      <Log />
      <Channels />
    </>
  );
}

function Log() {
  const loaded = useLoad(() => read("/v1/outbox/log", {}, { limit: 100 }), [], ["alerts"]);
  const said = text.value.care.outbox;
  return (
    <Shown loaded={loaded}>
      {({ attempts }) => (
        <Table
          caption={said.log}
          file="attempts"
          empty={said.logNone}
          rows={attempts}
          columns={[
            { title: said.created, show: (row) => <span title={moment(row.at)}>{relative(row.at)}</span>, value: (row) => row.at },
            { title: said.delivery, show: (row) => <Id id={row.id} link={href("outbox", [row.id])} />, value: (row) => row.id },
            { title: said.channel, show: (row) => row.channel, value: (row) => row.channel },
            { title: said.status, show: (row) => <Chip tone={TONES[row.status] ?? toneOf(row.status)}>{said.statuses[row.status] ?? row.status}</Chip>, value: (row) => row.status },
            { title: said.took, show: (row) => span(row.seconds), value: (row) => row.seconds, isNumber: true },
            { title: said.error, show: (row) => <Verbatim>{row.error ?? "–"}</Verbatim>, value: (row) => row.error, isLong: true },
          ]}
        />
      )}
    </Shown>
  );
}

function One({ id }: { id: string }) {
  const loaded = useLoad(() => read("/v1/outbox/{delivery_id}", { delivery_id: id }), [id], ["alerts"]);
  const said = text.value.care.outbox;
  return (
    <Shown loaded={loaded}>
      {({ delivery }) => (
        <article>
          <PageHead title={delivery.title || sentence(delivery.kind)} crumbs={[[text.value.shell.pages.outbox, href("outbox")]]}>
            {delivery.status === "waiting" ? null : (
              <button type="button" class="primary" onClick={() => replay(delivery, loaded.reload)}>
                {said.replay}
              </button>
            )}
            <Chip tone={TONES[delivery.status ?? ""] ?? "plain"}>{said.statuses[delivery.status ?? ""] ?? delivery.status}</Chip>
          </PageHead>
          <section class="panel">
            <Facts
              rows={[
                [said.channel, delivery.channel],
                [said.created, `${moment(delivery.created_at)} (${relative(delivery.created_at)})`],
                [said.attempts, figure(delivery.attempts)],
                [said.error, <Verbatim>{delivery.last_error ?? "–"}</Verbatim>],
                [said.next, delivery.status === "waiting" ? moment(delivery.next_at) : "–"],
              ]}
            />
          </section>
          <Raw title={said.body} value={delivery.body} />
        </article>
      )}
    </Shown>
  );
}
