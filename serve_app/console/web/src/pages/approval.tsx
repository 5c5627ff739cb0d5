// One request: what is asked, the evidence, the findings at their lines, the live tally; and one's own vote on exactly this.
import { useState } from "preact/hooks";
import { get, post, Problem, type Json } from "../api";
import { moment, short, words } from "../format";
import { useKeys } from "../keys";
import { useLoad } from "../load";
import { href } from "../router";
import { hasRole, who } from "../session";
import { tell } from "../toast";
import { Ask } from "../ui/ask";
import { Facts, Tree } from "../ui/facts";
import { Action } from "../ui/kbd";
import { Shown } from "../ui/states";
import { Table } from "../ui/table";
import { Findings } from "./findings";
import { Reveal } from "./reveal";

export function Approval({ id }: { id: string }) {
  const loaded = useLoad(() => get<{ approval: Json }>(`/v1/approvals/${encodeURIComponent(id)}`), [id]);
  return (
    <>
      <p class="crumbs">
        <a href={href("approvals")}>Approvals</a> / {id}
      </p>
      <Shown loaded={loaded}>
        {({ approval }) => (
          <article>
            <h1>{approval.title}</h1>
            {approval.description ? <p class="text">{approval.description}</p> : null}
            <About approval={approval} />
            <Votes approval={approval} reload={loaded.reload} />
            <Findings findings={approval.findings ?? approval.checks ?? []} context={approval.context ?? {}} />
            <section>
              <h2>What is asked for</h2>
              <Context approval={approval} />
            </section>
            <section>
              <h2>Evidence</h2>
              {approval.evidence_page ? (
                <p>
                  <a href={approval.evidence_page} target="_blank" rel="noopener">
                    The evidence with its plots
                  </a>
                </p>
              ) : null}
              <Tree value={approval.evidence ?? {}} />
            </section>
          </article>
        )}
      </Shown>
    </>
  );
}

function Context({ approval }: { approval: Json }) {
  const [clear, setClear] = useState<Json | null>(null);
  const isSealed = Object.keys(approval.sealed ?? {}).length > 0;
  return (
    <>
      <Tree value={clear?.context ?? approval.context ?? {}} />
      {isSealed ? <Reveal path={`/v1/approvals/${encodeURIComponent(approval.approval_id)}/reveal`} show={setClear} hide={() => setClear(null)} isShown={clear !== null} /> : null}
    </>
  );
}

function About({ approval }: { approval: Json }) {
  return (
    <Facts
      rows={[
        ["Status", approval.status + (approval.closing_reason ? `: ${approval.closing_reason}` : "")],
        ["Kind", words(approval.kind)],
        ["Task", approval.task ?? "–"],
        ["Digest", <code>{short(approval.digest)}</code>],
        ["Asked by", `${approval.requested_by}, ${moment(approval.requested_at)}`],
        ["Decides", rule(approval)],
        ["Until", moment(approval.expires_at)],
      ]}
    />
  );
}

/** What a vote does, in the words of the service: shown above the buttons that cast one. */
function InWords({ approval }: { approval: Json }) {
  const said = approval.in_words;
  return (
    <ul class="in-words">
      {said.options.map((sentence: string) => (
        <li>{sentence}</li>
      ))}
      <li>{said.votes}</li>
      <li>{said.silence}</li>
      <li>{said.deadline}</li>
    </ul>
  );
}

interface Option {
  label: string;
  value: string;
  outcome: "approve" | "reject";
}

const APPROVE_OR_REJECT: Option[] = [
  { label: "Approve", value: "approve", outcome: "approve" },
  { label: "Reject", value: "reject", outcome: "reject" },
];

function optionsOf(approval: Json): Option[] {
  return approval.options?.length ? approval.options : APPROVE_OR_REJECT;
}

/** The label with what it does, where its words are not that already. */
function inWords({ label, outcome }: Option): string {
  return label.toLowerCase() === outcome ? label : `${label} (${outcome === "approve" ? "approves" : "rejects"})`;
}

/** The only option with this outcome: its key votes for it; of several, none does. */
function only(options: Option[], outcome: string): Option | null {
  const found = options.filter((option) => option.outcome === outcome);
  return found.length === 1 ? (found[0] ?? null) : null;
}

function rule(approval: Json): string {
  const policy = approval.policy ?? approval.voting;
  if (policy && typeof policy === "object") return words(String(policy.kind ?? policy.rule ?? "votes")) + (policy.k ? ` (${policy.k})` : "");
  return `${approval.quorum ?? 1} approving votes; one rejection ends it`;
}

function Votes({ approval, reload }: { approval: Json; reload: () => void }) {
  const [ballot, setBallot] = useState<Option | null>(null);
  const options = optionsOf(approval);
  const votes: Json[] = approval.votes ?? [];
  const mine = votes.find((vote) => vote.voter === who.value?.id);
  const isAuthor = approval.requested_by === who.value?.id;
  const canVote = approval.status === "pending" && !mine && !isAuthor && hasRole("approver");
  const cast = (comment: string) => {
    if (!ballot) return;
    const vote = ballot.value;
    setBallot(null);
    post(`/v1/approvals/${encodeURIComponent(approval.approval_id)}/votes`, { vote, digest: approval.digest, comment }).then(
      (answer) => {
        tell(`Your vote counts: ${inWords(ballot)}. The request is ${(answer as Json).status}.`);
        reload();
      },
      (error: Error) => {
        tell(error instanceof Problem && error.status === 409 ? `Not counted: ${error.message}` : error.message, "error");
        reload();
      },
    );
  };
  const choose = (outcome: string) => () => setBallot(only(options, outcome));
  useKeys(canVote ? { approve: choose("approve"), reject: choose("reject") } : {});
  return (
    <section>
      <h2>Votes</h2>
      <InWords approval={approval} />
      {canVote ? (
        <p class="buttons">
          {options.map((option) => (
            <Choice option={option} hasKey={only(options, option.outcome) !== null} choose={() => setBallot(option)} />
          ))}
        </p>
      ) : (
        <p>{whyNot(approval, Boolean(mine), isAuthor)}</p>
      )}
      <Table
        caption="Who has voted"
        empty="Nobody yet."
        rows={votes}
        columns={[
          { title: "who", show: (vote) => vote.voter },
          { title: "vote", show: (vote) => (vote.option && vote.option !== vote.vote ? `${vote.option} (${vote.vote})` : vote.vote) },
          { title: "when", show: (vote) => moment(vote.at) },
          { title: "comment", show: (vote) => vote.comment },
        ]}
      />
      {ballot ? <Ask title={`${inWords(ballot)} ${short(approval.digest)}`} label={ballot.outcome === "reject" ? "Why" : "Comment (optional)"} button={ballot.label} isRequired={ballot.outcome === "reject"} run={cast} close={() => setBallot(null)} /> : null}
    </section>
  );
}

function Choice({ option, hasKey, choose }: { option: Option; hasKey: boolean; choose: () => void }) {
  const tone = option.outcome === "approve" ? "primary" : "danger";
  return hasKey ? (
    <Action action={option.outcome} tone={tone} onClick={choose}>
      {inWords(option)}
    </Action>
  ) : (
    <button type="button" class={tone} onClick={choose}>
      {inWords(option)}
    </button>
  );
}

function whyNot(approval: Json, hasVoted: boolean, isAuthor: boolean): string {
  if (approval.status !== "pending") return `It is ${approval.status}: votes are over.`;
  if (hasVoted) return "You have voted.";
  return isAuthor ? "You asked for it: others vote." : "Approvers vote.";
}
