// One question of a pipeline: its form as the pipeline described it, its data, the live tally, and what time will do.
import { useState } from "preact/hooks";
import { get, post, Problem, type Json } from "../api";
import { moment, words } from "../format";
import { useKeys } from "../keys";
import { useLoad } from "../load";
import { href } from "../router";
import { tell } from "../toast";
import { Facts, Tree } from "../ui/facts";
import { Action } from "../ui/kbd";
import { Shown } from "../ui/states";
import { FormField } from "./form-field";
import { Rounds } from "./rounds";

export function Question({ id }: { id: string }) {
  const loaded = useLoad(() => get<Json>(`/v1/interactions/${encodeURIComponent(id)}`), [id]);
  return (
    <>
      <p class="crumbs">
        <a href={href("workflows")}>Workflows</a> / {id}
      </p>
      <Shown loaded={loaded}>
        {(found) => {
          const interaction = found.interaction ?? found;
          return (
            <article>
              <h1>{interaction.ui_schema?.title ?? words(String(interaction.step_name ?? "Question"))}</h1>
              <Facts
                rows={[
                  ["Pipeline", String(interaction.pipeline_name ?? "–")],
                  ["Pattern", words(String(interaction.pattern ?? ""))],
                  ["Status", String(interaction.status)],
                  ["Until", moment(interaction.expires_at)],
                  ["Then", interaction.details?.default_action ? `“${interaction.details.default_action}” is done without you` : "it expires; nothing is approved"],
                ]}
              />
              <section>
                <h2>What it is about</h2>
                <Tree value={interaction.data} />
              </section>
              {interaction.pattern === "iterative_refinement" && interaction.details?.iteration ? <Rounds details={interaction.details} first={interaction.data?.current_result} /> : null}
              {interaction.tally ? (
                <section>
                  <h2>So far</h2>
                  <Tree value={interaction.tally} />
                </section>
              ) : null}
              {interaction.status === "pending" ? <Answer interaction={interaction} reload={loaded.reload} /> : <p>It is {interaction.status}{interaction.closed_by ? `, by ${interaction.closed_by}` : ""}.</p>}
            </article>
          );
        }}
      </Shown>
    </>
  );
}

function Answer({ interaction, reload }: { interaction: Json; reload: () => void }) {
  const fields: Json[] = interaction.ui_schema?.fields ?? [];
  const [given, setGiven] = useState<Json>(() => Object.fromEntries(fields.filter((field) => field.default !== undefined).map((field) => [field.name, field.default])));
  const [problem, setProblem] = useState<Problem | null>(null);
  const submit = () => {
    post(`/v1/interactions/${encodeURIComponent(interaction.interaction_id)}/answer`, { user_input: given }).then(
      () => {
        tell("Answered");
        reload();
      },
      (error: Error) => {
        if (error instanceof Problem && error.status === 422) setProblem(error);
        else tell(error.message, "error");
        if (error instanceof Problem && error.status === 409) reload();
      },
    );
  };
  useKeys({ submit });
  return (
    <form
      class="answer"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <h2>Your answer</h2>
      {problem ? (
        <p class="notice error" role="alert">
          {problem.message}
        </p>
      ) : null}
      {fields.map((field) => (
        <FormField key={field.name} field={field} value={given[field.name]} isWrong={Boolean(problem?.message.includes(`/${field.name}`))} give={(value) => setGiven({ ...given, [field.name]: value })} />
      ))}
      <Action action="submit" tone="primary" onClick={submit}>
        Submit
      </Action>
    </form>
  );
}
