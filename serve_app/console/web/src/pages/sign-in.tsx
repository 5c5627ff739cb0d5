// Sign in with a key, or through the organisation's provider where one is configured.
import { useEffect, useState } from "preact/hooks";
import { text } from "../messages";
import { farewell, signIn } from "../session";

export function SignIn() {
  const [key, setKey] = useState("");
  const [problem, setProblem] = useState("");
  const [isBusy, setBusy] = useState(false);
  const hasProvider = useProvider();
  const said = text.value.admin;
  useEffect(() => {
    document.title = `${said.signIn} · ${text.value.shell.product}`;
  }, []);
  const submit = (event: Event) => {
    event.preventDefault();
    setBusy(true);
    signIn(key.trim())
      .catch((error: Error) => setProblem(error.message))
      .finally(() => setBusy(false));
  };
  return (
    <main class="sign-in" id="main">
      <h1 class="brand">{text.value.shell.product}</h1>
      {farewell.value ? (
        <p class="notice" role="status">
          {farewell.value}
        </p>
      ) : null}
      <form onSubmit={submit}>
        <label>
          {said.keyLabel}
          <input type="password" autocomplete="current-password" value={key} required aria-invalid={problem ? "true" : undefined} aria-describedby="problem" onInput={(event) => setKey(event.currentTarget.value)} />
        </label>
        <p id="problem" role="alert" class="problem">
          {problem}
        </p>
        <button class="primary" disabled={isBusy || key.trim() === ""}>
          {said.signIn}
        </button>
      </form>
      {hasProvider ? (
        <p>
          <a class="button" href="/v1/oidc/login">
            {said.signInProvider}
          </a>
        </p>
      ) : null}
      <p class="hint">{said.keysHint}</p>
    </main>
  );
}

function useProvider(): boolean {
  const [has, setHas] = useState(false);
  useEffect(() => {
    fetch("/v1/oidc/login", { redirect: "manual" }).then(
      (answer) => setHas(answer.type === "opaqueredirect"),
      () => undefined,
    );
  }, []);
  return has;
}
