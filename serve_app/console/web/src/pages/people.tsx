// Accounts and their keys: made here, a key shown once, revoked after a second look.
import { useEffect, useRef, useState } from "preact/hooks";
import { act, read } from "../api";
import type { AccountBody, AccountView, KeyView } from "../api-types";
import { moment } from "../format";
import { useLoad } from "../load";
import { text } from "../messages";
import { who } from "../session";
import { tell } from "../toast";
import { Ask } from "../ui/ask";
import { PageHead } from "../ui/page-head";
import { Shown } from "../ui/states";
import { Table } from "../ui/table";
import { Grants } from "./grants";
import { SessionList } from "./sessions";

type RoleName = AccountBody["roles"][number];

const ROLES: RoleName[] = ["client", "declarer", "reviewer", "expert", "approver", "trainer", "operator", "admin"];

/** How long the old key works beside the new one. */
const GRACE_S = 86_400;

type Row = AccountView & Partial<KeyView>;

async function everybody(): Promise<Row[]> {
  const { accounts } = await read("/v1/accounts");
  const keys = await Promise.all(accounts.map((row) => read("/v1/accounts/{account}/keys", { account: row.account })));
  return accounts.flatMap((account, at): Row[] => (keys[at]?.keys.length ? (keys[at]?.keys ?? []).map((key) => ({ ...account, ...key })) : [account]));
}

export function People() {
  const loaded = useLoad(everybody, [], ["people"]);
  const [revoking, setRevoking] = useState<Row | null>(null);
  const [fresh, setFresh] = useState<{ account: string; key: string } | null>(null);
  const said = text.value.admin.people;
  const revoke = () => {
    const { account = "", key_id = "" } = revoking ?? {};
    setRevoking(null);
    act("DELETE /v1/keys/{key_id}", { key_id }).then(
      () => {
        tell(said.revoked(account));
        loaded.reload();
      },
      (error: Error) => tell(error.message, "error"),
    );
  };
  const rotate = ({ account, key_id = "" }: Row) =>
    act("POST /v1/keys/{key_id}/rotate", { key_id }, { grace_s: GRACE_S }).then(
      ({ key }) => {
        setFresh({ account, key });
        loaded.reload();
      },
      (error: Error) => tell(error.message, "error"),
    );
  return (
    <>
      <PageHead title={said.title} />
      {loaded.data ? <Create known={loaded.data.map((row) => row.account)} done={loaded.reload} /> : null}
      <Grants />
      {fresh ? <NewKey key={fresh.key} title={text.value.care.keys.rotated(fresh.account)} value={fresh.key} /> : null}
      <Shown loaded={loaded}>
        {(rows) => (
          <Table
            caption={said.accounts}
            rows={rows}
            rowKey={(row) => `${row.account} ${row.key_id}`}
            columns={[
              { title: said.account, show: (row) => row.account, value: (row) => row.account },
              { title: said.roles, show: (row) => row.roles.join(", "), value: (row) => row.roles.join(", ") },
              { title: said.tasks, show: (row) => row.tasks.join(", ") || said.allTasks, value: (row) => row.tasks.join(", ") },
              { title: said.key, show: (row) => (row.key_id ? <code>{row.key_id}</code> : "–") },
              { title: said.created, show: (row) => moment(row.created_at) },
              { title: said.expires, show: (row) => (!row.key_id ? "–" : row.expires_at ? moment(row.expires_at) : said.never) },
              {
                title: text.value.care.keys.rotate,
                show: (row) =>
                  row.key_id ? (
                    <button type="button" class="quiet" aria-label={text.value.care.keys.rotateOf(row.key_id)} onClick={() => rotate(row)}>
                      {text.value.care.keys.rotate}
                    </button>
                  ) : null,
              },
              {
                title: said.revoke,
                show: (row) =>
                  row.key_id ? (
                    <button type="button" class="quiet" aria-label={`${said.revoke} ${row.key_id}`} onClick={() => setRevoking(row)}>
                      {said.revoke}
                    </button>
                  ) : null,
              },
            ]}
          />
        )}
      </Shown>
      <SessionList />
      {revoking ? <Ask title={said.revokeTitle(revoking.account)} label={said.revokeHint(revoking.account)} button={said.revoke} mustBe={revoking.account} run={revoke} close={() => setRevoking(null)} /> : null}
    </>
  );
}

/** A new account with its first key. A name that exists is refused here: nobody's roles are replaced by a slip. So it is offered
 * once the names are known. */
function Create({ known, done }: { known: string[]; done: () => void }) {
  const [name, setName] = useState("");
  const [roles, setRoles] = useState<RoleName[]>(["reviewer"]);
  const [tasks, setTasks] = useState("");
  const [fresh, setFresh] = useState<{ account: string; key: string } | null>(null);
  const [problem, setProblem] = useState("");
  // A key that waits for a second person comes when the same request is sent again.
  const [asked, setAsked] = useState({ name: "", id: "" });
  const said = text.value.admin.people;
  const toggle = (role: RoleName) => setRoles(roles.includes(role) ? roles.filter((each) => each !== role) : [...roles, role]);
  const create = async (event: Event) => {
    event.preventDefault();
    setProblem("");
    if (roles.length === 0) return setProblem(said.chooseRole);
    if ((known.includes(name) && asked.name !== name) || name === who.value?.id) return setProblem(said.exists(name));
    const named = tasks.split(",").map((task) => task.trim()).filter((task) => task !== "");
    try {
      const made = await act("PUT /v1/accounts/{account}", { account: name }, { roles, tasks: named });
      setAsked((before) => (before.name === name ? before : { name, id: crypto.randomUUID() }));
      if ("status" in made && made.status === "open") return tell(said.waits(name));
      const id = asked.name === name ? asked.id : crypto.randomUUID();
      const issued = await act("POST /v1/accounts/{account}/keys", { account: name }, {}, id);
      setAsked("key" in issued ? { name: "", id: "" } : { name, id });
      if ("key" in issued) {
        setFresh({ account: name, key: issued.key });
        setName("");
        setTasks("");
      }
      else tell(said.keyWaits(name));
      done();
    } catch (error) {
      setProblem((error as Error).message);
    }
  };
  return (
    <form onSubmit={(event) => void create(event)} class="panel">
      <div class="filters">
        <label>
          {said.account} <input value={name} required pattern="[A-Za-z0-9][A-Za-z0-9._@\-]*" onInput={(event) => setName(event.currentTarget.value)} />
        </label>
        <label>
          {said.tasksHint} <input value={tasks} onInput={(event) => setTasks(event.currentTarget.value)} />
        </label>
      </div>
      <fieldset>
        <legend>{said.roles}</legend>
        <div class="segmented">
          {ROLES.map((role) => (
            <label key={role} class={roles.includes(role) ? "chosen" : undefined}>
              <input type="checkbox" checked={roles.includes(role)} onChange={() => toggle(role)} /> {role}
            </label>
          ))}
        </div>
      </fieldset>
      <p class="problem" role="alert">
        {problem}
      </p>
      <button class="primary">{said.create}</button>
      {fresh ? <NewKey key={fresh.key} title={said.keyOf(fresh.account)} value={fresh.key} /> : null}
    </form>
  );
}

/** Brought into view: the row whose key it replaces may be far below, and it is shown only once. */
function NewKey({ title, value }: { title: string; value: string }) {
  const notice = useRef<HTMLParagraphElement>(null);
  useEffect(() => notice.current?.scrollIntoView({ block: "center" }), []);
  return (
    <p ref={notice} role="status" class="notice good">
      {title} {text.value.admin.people.copyNow}: <code class="key">{value}</code>{" "}
      <button type="button" class="quiet" onClick={() => void navigator.clipboard?.writeText(value)}>
        {text.value.states.copy}
      </button>
    </p>
  );
}
