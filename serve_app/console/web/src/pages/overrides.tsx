// Overrides: equal inputs get the answer that people gave where the model was wrong. Confirmed, revoked, switched off by task.
import { useState } from "preact/hooks";
import { act, read } from "../api";
import type { OverrideList, OverrideView } from "../api-types";
import { moment, relative, sentence } from "../format";
import { useLoad } from "../load";
import { text } from "../messages";
import { may, who } from "../session";
import { Ask } from "../ui/ask";
import { Chip, type Tone } from "../ui/chip";
import { Id } from "../ui/id";
import { PageHead } from "../ui/page-head";
import { perform } from "../ui/perform";
import { Shown } from "../ui/states";
import { Table } from "../ui/table";
import { Verbatim } from "../ui/verbatim";

const TONES: Record<string, Tone> = { proposed: "info", confirmed: "good", revoked: "plain" };

export function Overrides() {
  const loaded = useLoad(() => read("/v1/overrides"), [], ["reviews"]);
  const said = text.value.care.overrides;
  return (
    <>
      <PageHead title={text.value.shell.pages.overrides} />
      <p class="hint">{said.hint}</p>
      <Shown loaded={loaded}>
        {(found) => (
          <>
            <List rows={[...found.overrides].reverse()} reload={loaded.reload} />
            {may("switch_overrides") ? <Switches found={found} reload={loaded.reload} /> : null}
          </>
        )}
      </Shown>
    </>
  );
}

type Asked = { what: "confirm" | "revoke"; row: OverrideView };

function List({ rows, reload }: { rows: OverrideView[]; reload: () => void }) {
  const said = text.value.care.overrides;
  const [asked, setAsked] = useState<Asked | null>(null);
  const close = () => setAsked(null);
  const id = { override_id: asked?.row.override_id ?? "" };
  const confirm = (label: string) => (close(), perform(act("POST /v1/overrides/{override_id}/confirm", id, { label }), text.value.care.done, reload));
  const revoke = (reason: string) => (close(), perform(act("POST /v1/overrides/{override_id}/revoke", id, { reason }), text.value.care.done, reload));
  return (
    <>
      <Table
        caption={said.caption}
        file="overrides"
        empty={said.none}
        rows={rows}
        rowKey={(row) => row.override_id}
        columns={[
          { title: text.value.cases.columns.case, show: (row) => <Id id={row.override_id} link={`/cases/${encodeURIComponent(row.override_id)}`} />, value: (row) => row.override_id },
          { title: said.task, show: (row) => row.task, value: (row) => row.task },
          { title: said.label, show: (row) => <Verbatim>{row.label}</Verbatim>, value: (row) => row.label },
          { title: said.model, show: (row) => <Verbatim>{row.model_label}</Verbatim>, value: (row) => row.model_label },
          { title: said.status, show: (row) => <Chip tone={TONES[row.status] ?? "plain"}>{sentence(row.status)}</Chip>, value: (row) => row.status },
          { title: said.by, show: (row) => row.confirmed_by.join(", ") || "–", value: (row) => row.confirmed_by.join(", ") },
          { title: said.expires, show: (row) => <span title={moment(row.expires_at)}>{relative(row.expires_at)}</span>, value: (row) => row.expires_at },
          { title: text.value.quality.actions, show: (row) => <Choices row={row} ask={(what) => setAsked({ what, row })} /> },
        ]}
      />
      {asked?.what === "confirm" ? <Ask title={said.confirmTitle} label={said.confirmLabel} button={said.confirm} run={confirm} close={close} /> : null}
      {asked?.what === "revoke" ? <Ask title={said.revoke} label={said.why} button={said.revoke} run={revoke} close={close} /> : null}
    </>
  );
}

/** Who proposed one does not confirm it too. */
function Choices({ row, ask }: { row: OverrideView; ask: (what: Asked["what"]) => void }) {
  const said = text.value.care.overrides;
  const name = row.override_id.slice(0, 8);
  const isMine = row.confirmed_by.includes(who.value?.id ?? "");
  return (
    <>
      {may("confirm_overrides") && row.status === "proposed" && !isMine ? (
        <button type="button" aria-label={said.confirmOf(name)} onClick={() => ask("confirm")}>
          {said.confirm}
        </button>
      ) : null}{" "}
      {may("revoke_overrides") && row.status !== "revoked" ? (
        <button type="button" class="quiet" aria-label={said.revokeOf(name)} onClick={() => ask("revoke")}>
          {said.revoke}
        </button>
      ) : null}
    </>
  );
}

function Switches({ found, reload }: { found: OverrideList; reload: () => void }) {
  const said = text.value.care.overrides;
  const [task, setTask] = useState<string | null>(null);
  const loaded = useLoad(() => read("/v1/models"), [], []);
  const turn = (name: string, isOn: boolean, reason: string) => perform(act("POST /v1/overrides/switch", {}, { task: name, is_on: isOn, reason }), text.value.care.done, reload);
  return (
    <Shown loaded={loaded}>
      {({ tasks }) => (
        <>
          <Table
            caption={said.switches}
            rows={tasks}
            rowKey={(row) => row.task}
            columns={[
              { title: said.task, show: (row) => row.title },
              { title: said.status, show: (row) => (row.task in found.switched_off ? <Chip tone="warn">{said.off(found.switched_off[row.task] ?? "")}</Chip> : <Chip tone="good">{said.on}</Chip>) },
              {
                title: text.value.quality.actions,
                show: (row) =>
                  row.task in found.switched_off ? (
                    <button type="button" onClick={() => turn(row.task, true, "switched on in the console")}>
                      {said.switchOn(row.task)}
                    </button>
                  ) : (
                    <button type="button" class="quiet" onClick={() => setTask(row.task)}>
                      {said.switchOff(row.task)}
                    </button>
                  ),
              },
            ]}
          />
          {task !== null ? <Ask title={said.switchOff(task)} label={said.why} button={said.switchOff(task)} run={(reason) => (setTask(null), turn(task, false, reason))} close={() => setTask(null)} /> : null}
        </>
      )}
    </Shown>
  );
}
