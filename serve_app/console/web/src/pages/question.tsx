// One step of a pipeline that waits for a person: what it is about, the votes so far, the form, and what time will do.
import { useState } from "preact/hooks";
import { act, Problem, read } from "../api";
import type { InteractionView } from "../api-types";
import { moment, relative, sentence } from "../format";
import { useKeys } from "../keys";
import { useLoad } from "../load";
import { text } from "../messages";
import { href } from "../router";
import { may } from "../session";
import { tell } from "../toast";
import { Ask } from "../ui/ask";
import { Chip, toneOf } from "../ui/chip";
import { Facts, Tree } from "../ui/facts";
import { Action } from "../ui/kbd";
import { PageHead } from "../ui/page-head";
import { perform } from "../ui/perform";
import { Shown } from "../ui/states";
import { at, numberAt, textAt } from "./approval/evidence";
import { FormField } from "./form-field";
import { fieldsOf } from "./form-schema";
import { Rounds } from "./rounds";

export function Question({ id }: { id: string }) {
  const loaded = useLoad(() => read("/v1/interactions/{interaction_id}", { interaction_id: id }), [id], ["workflows"]);
  return <Shown loaded={loaded}>{(interaction) => <Step interaction={interaction} reload={loaded.reload} />}</Shown>;
}

/** What people decide on: the step's own data, and what a request for many approvals keeps for its voters. */
function subjectOf({ data, details }: InteractionView): Record<string, unknown> {
  const asked = at(details, "approval_data");
  return { ...(asked !== null && typeof asked === "object" ? (asked as Record<string, unknown>) : asked === undefined ? {} : { request: asked }), ...data };
}

function Step({ interaction, reload }: { interaction: InteractionView; reload: () => void }) {
  const said = text.value.flows;
  const { details, tally, status } = interaction;
  const subject = subjectOf(interaction);
  const byDefault = textAt(details, "default_action");
  return (
    <article>
      <PageHead title={textAt(interaction.ui_schema, "title") ?? sentence(interaction.step_name || interaction.pattern)} crumbs={[[said.workflows, href("workflows")]]}>
        {status === "pending" && may("care_for_cases") ? <CancelStep id={interaction.interaction_id} reload={reload} /> : null}
        <Chip tone={toneOf(status)}>{sentence(status)}</Chip>
      </PageHead>
      <div class="split two">
        <section class="panel">
          <h2>{said.subject}</h2>
          {Object.keys(subject).length > 0 ? <Tree value={subject} /> : <p class="hint">{said.nothing}</p>}
        </section>
        <div>
          <section class="panel">
            <Facts
              rows={[
                [said.pipeline, interaction.pipeline_name || "–"],
                [said.pattern, sentence(interaction.pattern)],
                [said.expires, `${moment(interaction.expires_at)} (${relative(interaction.expires_at)})`],
                [said.then, byDefault ? said.default(byDefault) : said.noDefault],
              ]}
            />
          </section>
          {tally ? (
            <section class="panel">
              <h2>{said.soFar}</h2>
              <Facts rows={[...Object.entries(tally.counts).map(([option, count]): [string, string] => [sentence(option), String(count)]), [text.value.approvals.vote.rule, sentence(tally.rule)], [text.value.approvals.vote.waitingFor(""), tally.missing.join(", ") || "–"]]} />
            </section>
          ) : null}
          {status === "pending" ? <Answer interaction={interaction} reload={reload} /> : <p>{said.closed(sentence(status).toLowerCase(), interaction.closed_by ? said.by(interaction.closed_by) : "")}</p>}
        </div>
      </div>
      {interaction.pattern === "iterative_refinement" && numberAt(details, "iteration") !== null ? <Rounds details={details} first={at(interaction.data, "current_result")} /> : null}
    </article>
  );
}

function CancelStep({ id, reload }: { id: string; reload: () => void }) {
  const said = text.value.care.flows;
  const [isAsking, setAsking] = useState(false);
  const run = (reason: string) => {
    setAsking(false);
    perform(act("POST /v1/interactions/{interaction_id}/cancel", { interaction_id: id }, { reason }), said.cancelled, reload);
  };
  return (
    <>
      <button type="button" class="danger" onClick={() => setAsking(true)}>
        {said.cancelStep}
      </button>
      {isAsking ? <Ask title={said.cancelStep} label={text.value.care.reason} button={said.cancelStep} run={run} close={() => setAsking(false)} /> : null}
    </>
  );
}

function Answer({ interaction, reload }: { interaction: InteractionView; reload: () => void }) {
  const fields = fieldsOf(interaction.ui_schema);
  const [given, setGiven] = useState<Record<string, unknown>>(() => Object.fromEntries(fields.filter((field) => field.default !== undefined).map((field) => [field.name, field.default])));
  const [problem, setProblem] = useState<Problem | null>(null);
  const said = text.value.flows;
  const submit = () => {
    act("POST /v1/interactions/{interaction_id}/answer", { interaction_id: interaction.interaction_id }, { user_input: given }).then(
      () => {
        tell(said.answered);
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
      class="answer panel"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <h2>{said.answer}</h2>
      {problem ? (
        <p class="notice error" role="alert">
          {problem.message}
        </p>
      ) : null}
      {fields.map((field) => (
        <FormField key={field.name} field={field} value={given[field.name]} isWrong={Boolean(problem?.message.includes(`/${field.name}`))} give={(value) => setGiven({ ...given, [field.name]: value })} />
      ))}
      <Action action="submit" tone="primary" onClick={submit}>
        {said.submit}
      </Action>
    </form>
  );
}
