// Accounts and their keys: issued here once, shown once, revoked here.
import { useState } from "preact/hooks";
import { post, read, send, type Json } from "../api";
import type { KeyView } from "../api-types";
import { moment } from "../format";
import { useLoad } from "../load";
import { tell } from "../toast";
import { Shown } from "../ui/states";
import { Table } from "../ui/table";
import { Grants } from "./grants";

const ROLES = ["client", "declarer", "reviewer", "expert", "approver", "trainer", "operator", "admin"];

export function People() {
  const loaded = useLoad(async () => {
    const { accounts } = await read("/v1/accounts");
    const keys = await Promise.all(accounts.map((row) => read("/v1/accounts/{account}/keys", { account: row.account })));
    return keys.flatMap((found, at) => found.keys.map((key) => ({ ...accounts[at], ...key })));
  });
  const revoke = (row: KeyView) =>
    send("DELETE", `/v1/keys/${encodeURIComponent(row.key_id)}`).then(
      () => {
        tell(`A key of ${row.account} is revoked`);
        loaded.reload();
      },
      (error: Error) => tell(error.message, "error"),
    );
  return (
    <section>
      <h2>People and keys</h2>
      <Issue done={loaded.reload} />
      <Grants />
      <Shown loaded={loaded}>
        {(keys) => (
          <Table
            caption="Keys"
            rows={keys}
            rowKey={(row) => row.key_id}
            columns={[
              { title: "account", show: (row) => row.account },
              { title: "key", show: (row) => <code>{row.key_id}</code> },
              { title: "roles", show: (row) => (row.roles ?? []).join(", ") },
              { title: "tasks", show: (row) => (row.tasks ?? []).join(", ") || "all" },
              { title: "since", show: (row) => moment(row.created_at) },
              { title: "until", show: (row) => (row.expires_at ? moment(row.expires_at) : "it is revoked") },
              {
                title: "revoke",
                show: (row) => (
                  <button type="button" class="danger" onClick={() => void revoke(row)}>
                    Revoke {row.key_id}
                  </button>
                ),
              },
            ]}
          />
        )}
      </Shown>
    </section>
  );
}

function Issue({ done }: { done: () => void }) {
  const [name, setName] = useState("");
  const [role, setRole] = useState("reviewer");
  const [key, setKey] = useState("");
  // A key that waits for a second person comes when the same request is sent again.
  const [asked, setAsked] = useState({ name: "", id: "" });
  const issue = async (event: Event) => {
    event.preventDefault();
    const account = `/v1/accounts/${encodeURIComponent(name)}`;
    try {
      const made = await send("PUT", account, { roles: [role] });
      if (made.status === "open") {
        tell(`${name} waits for a second person, who confirms it here or under Approvals. Then send this again.`);
        return;
      }
      const id = asked.name === name ? asked.id : crypto.randomUUID();
      const issued = await post<Json>(`${account}/keys`, {}, id);
      setAsked(issued.key ? { name: "", id: "" } : { name, id });
      if (issued.key) setKey(String(issued.key));
      else tell(`The key of ${name} waits for a second person. Then send this again.`);
      done();
    } catch (error) {
      tell((error as Error).message, "error");
    }
  };
  return (
    <form onSubmit={(event) => void issue(event)} class="inline">
      <label>
        Account <input value={name} required pattern="[A-Za-z0-9][A-Za-z0-9._@\-]*" onInput={(event) => setName(event.currentTarget.value)} />
      </label>
      <label>
        Role{" "}
        <select value={role} onChange={(event) => setRole(event.currentTarget.value)}>
          {ROLES.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
      </label>
      <button class="primary">Make the account and its key</button>
      {key ? (
        <p role="status">
          Shown once: <code class="key">{key}</code>
        </p>
      ) : null}
    </form>
  );
}
