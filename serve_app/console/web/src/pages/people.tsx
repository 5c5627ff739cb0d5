// Accounts and their keys: issued here once, shown once, revoked here.
import { useState } from "preact/hooks";
import { get, post, send, type Json } from "../api";
import { moment } from "../format";
import { useLoad } from "../load";
import { tell } from "../toast";
import { Shown } from "../ui/states";
import { Table } from "../ui/table";

const ROLES = ["client", "reviewer", "expert", "approver", "trainer", "operator", "admin"];

export function People() {
  const loaded = useLoad(() => get<{ keys: Json[] }>("/v1/keys"));
  const revoke = (row: Json) =>
    send("DELETE", `/v1/keys/${encodeURIComponent(row.key_id)}`).then(
      () => {
        tell(`The key of ${row.principal ?? row.id} is revoked`);
        loaded.reload();
      },
      (error: Error) => tell(error.message, "error"),
    );
  return (
    <section>
      <h2>People and keys</h2>
      <Issue done={loaded.reload} />
      <Shown loaded={loaded}>
        {({ keys }) => (
          <Table
            caption="Keys"
            rows={keys}
            columns={[
              { title: "who", show: (row) => row.principal ?? row.id },
              { title: "roles", show: (row) => (row.roles ?? []).join(", ") },
              { title: "tasks", show: (row) => (row.tasks ?? []).join(", ") || "all" },
              { title: "since", show: (row) => moment(row.issued_at ?? row.created_at) },
              {
                title: "revoke",
                show: (row) => (
                  <button type="button" class="danger" onClick={() => void revoke(row)}>
                    Revoke {row.principal ?? row.id}
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
  const issue = (event: Event) => {
    event.preventDefault();
    post<Json>("/v1/keys", { principal: name, roles: [role] }).then(
      (answer) => {
        setKey(String(answer.key));
        done();
      },
      (error: Error) => tell(error.message, "error"),
    );
  };
  return (
    <form onSubmit={issue} class="inline">
      <label>
        Name <input value={name} required pattern="[a-z0-9][a-z0-9._\-]*" onInput={(event) => setName(event.currentTarget.value)} />
      </label>
      <label>
        Role{" "}
        <select value={role} onChange={(event) => setRole(event.currentTarget.value)}>
          {ROLES.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
      </label>
      <button class="primary">Issue a key</button>
      {key ? (
        <p role="status">
          Shown once: <code class="key">{key}</code>
        </p>
      ) : null}
    </form>
  );
}
