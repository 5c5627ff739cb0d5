// Who votes on a request, how it stands, what silence means, until when; and the bar with one's own vote.
import { useState } from "preact/hooks";
import { act, Problem } from "../../api";
import type { ApprovalOption, ApprovalView, CastVote } from "../../api-types";
import { figure, inside, moment, relative, short } from "../../format";
import { useKeys } from "../../keys";
import { text } from "../../messages";
import { may, who } from "../../session";
import { tell } from "../../toast";
import { Ask } from "../../ui/ask";
import { Facts } from "../../ui/facts";
import { Action } from "../../ui/kbd";
import { Table } from "../../ui/table";
import { Delegate } from "./care";

type Option = Pick<ApprovalOption, "label" | "value" | "outcome"> & { recommended?: boolean };

function optionsOf(approval: ApprovalView): Option[] {
  const said = text.value.approvals.vote;
  if (approval.options.length > 0) return approval.options;
  return [
    { label: said.approve, value: "approve", outcome: "approve" },
    { label: said.reject, value: "reject", outcome: "reject" },
  ];
}

/** The label with what it does, where its words are not that already. */
function inWords({ label, outcome, value }: Option): string {
  const said = text.value.approvals.vote;
  if (label.toLowerCase() === outcome || value === outcome) return label;
  return outcome === "approve" ? said.approves(label) : said.rejects(label);
}

/** The only option with this outcome: its key votes for it; of several, none does. */
function only(options: Option[], outcome: string): Option | null {
  const found = options.filter((option) => option.outcome === outcome);
  return found.length === 1 ? (found[0] ?? null) : null;
}

/** The weight of the votes that approve so far. */
function givenOf(approval: ApprovalView): number {
  const approving = new Set(optionsOf(approval).filter((option) => option.outcome === "approve").map((option) => option.value));
  return Object.entries(approval.tally.by_option).reduce((sum, [option, weight]) => sum + (approving.has(option) ? weight : 0), 0);
}

export function Votes({ approval, highFindings, reload }: { approval: ApprovalView; highFindings: number; reload: () => void }) {
  const said = text.value.approvals.vote;
  const { in_words: rule, tally, votes } = approval;
  const missing = Object.entries(tally.missing).filter(([, count]) => count > 0);
  return (
    <>
      <section class="panel" aria-label={said.rule}>
        <h2>{said.rule}</h2>
        <p class="lead">
          <strong>{said.given(figure(givenOf(approval)), figure(tally.need))}</strong>
          {tally.waiting_for.length > 0 ? ` · ${said.waitingFor(tally.waiting_for.join(", "))}` : ""}
          {missing.length > 0 ? ` · ${said.missing(missing.map(([group, count]) => said.ofGroup(count, group)).join(", "))}` : ""}
        </p>
        <Facts
          rows={[
            [said.rule, rule.votes],
            [said.options, <Sentences lines={rule.options} />],
            [said.silence, rule.silence],
            [said.deadline, `${rule.deadline} (${relative(approval.expires_at)})`],
          ]}
        />
      </section>
      <Cast votes={votes} />
      <VoteBar approval={approval} highFindings={highFindings} reload={reload} />
    </>
  );
}

function Sentences({ lines }: { lines: string[] }) {
  return (
    <>
      {lines.map((line) => (
        <div key={line}>{line}</div>
      ))}
    </>
  );
}

function Cast({ votes }: { votes: CastVote[] }) {
  const said = text.value.approvals.vote;
  return (
    <Table
      caption={said.table}
      empty={said.none}
      rows={votes}
      rowKey={(vote) => vote.voter}
      columns={[
        { title: said.who, show: (vote) => vote.voter },
        { title: said.what, show: (vote) => (vote.option && vote.option !== vote.vote ? `${vote.option} (${vote.vote})` : vote.vote) },
        { title: said.when, show: (vote) => <span title={moment(vote.at)}>{relative(vote.at)}</span> },
        { title: said.comment, show: (vote) => vote.comment, isLong: true },
      ]}
    />
  );
}

function VoteBar({ approval, highFindings, reload }: { approval: ApprovalView; highFindings: number; reload: () => void }) {
  const said = text.value.approvals.vote;
  const [ballot, setBallot] = useState<Option | null>(null);
  const [isRead, setRead] = useState(false);
  const options = optionsOf(approval);
  const mustRead = highFindings > 0 && !isRead;
  const canVote = reasonAgainst(approval) === null;
  const choose = (option: Option | null) => {
    if (option?.outcome === "approve" && mustRead) tell(said.acknowledgeFirst, "warning");
    else setBallot(option);
  };
  const cast = (comment: string) => {
    if (!ballot) return;
    const chosen = ballot;
    setBallot(null);
    act("POST /v1/approvals/{approval_id}/votes", { approval_id: approval.approval_id }, { vote: chosen.value, digest: approval.digest, comment }).then(
      (answer) => {
        tell(said.counted(inWords(chosen), inside(text.value.approvals.statuses[answer.status] ?? answer.status)));
        reload();
      },
      (error: Error) => {
        tell(error instanceof Problem && error.status === 409 ? said.notCounted(error.message) : error.message, "error");
        reload();
      },
    );
  };
  useKeys(canVote ? { approve: () => choose(only(options, "approve")), reject: () => choose(only(options, "reject")) } : {});
  return (
    <section class="vote-bar" aria-label={said.title}>
      {canVote ? (
        <>
          {options.map((option) => (
            <Choice key={option.value} option={option} hasKey={only(options, option.outcome) !== null} isDisabled={option.outcome === "approve" && mustRead} choose={() => choose(option)} />
          ))}
          {highFindings > 0 ? (
            <label class="tick">
              <input type="checkbox" checked={isRead} onChange={(event) => setRead(event.currentTarget.checked)} />
              {said.acknowledge(highFindings)}
            </label>
          ) : null}
        </>
      ) : (
        <span>{reasonAgainst(approval)}</span>
      )}
      <span class="end note">
        {said.given(figure(givenOf(approval)), figure(approval.tally.need))}
        {approval.status === "pending" ? ` · ${said.ends(relative(approval.expires_at))}` : ""}
      </span>
      <Delegate approval={approval} reload={reload} />
      <Withdraw approval={approval} reload={reload} />
      {ballot ? <Ask title={said.of(inWords(ballot), approval.title, short(approval.digest))} label={ballot.outcome === "reject" ? said.why : said.comment} button={ballot.label} isRequired={ballot.outcome === "reject"} run={cast} close={() => setBallot(null)} /> : null}
    </section>
  );
}

function Choice({ option, hasKey, isDisabled, choose }: { option: Option; hasKey: boolean; isDisabled: boolean; choose: () => void }) {
  const tone = option.outcome === "approve" ? "primary" : "danger";
  const name = `${inWords(option)}${option.recommended ? ` · ${text.value.approvals.vote.recommended}` : ""}`;
  return hasKey ? (
    <Action action={option.outcome} tone={tone} onClick={choose} disabled={isDisabled}>
      {name}
    </Action>
  ) : (
    <button type="button" class={tone} onClick={choose} disabled={isDisabled}>
      {name}
    </button>
  );
}

/** Why the person cannot vote, in words; null where they can. */
function reasonAgainst(approval: ApprovalView): string | null {
  const said = text.value.approvals;
  const me = who.value?.id;
  if (approval.status !== "pending") return said.vote.over(inside(said.statuses[approval.status] ?? approval.status));
  if (approval.votes.some((vote) => vote.voter === me)) return said.vote.done;
  if (approval.requested_by === me) return said.vote.author;
  if (!may("vote")) return said.vote.notVoter;
  return approval.is_open || approval.asked.includes(me ?? "") ? null : said.vote.notAsked;
}

/** Who asked may take the request back. */
function Withdraw({ approval, reload }: { approval: ApprovalView; reload: () => void }) {
  const said = text.value.approvals.vote;
  const [isAsking, setAsking] = useState(false);
  const mayWithdraw = approval.requested_by === who.value?.id || may("roll_back");
  if (approval.status !== "pending" || !mayWithdraw) return null;
  const run = (reason: string) => {
    setAsking(false);
    act("POST /v1/approvals/{approval_id}/cancel", { approval_id: approval.approval_id }, { reason }).then(
      () => {
        tell(said.withdrawn);
        reload();
      },
      (error: Error) => tell(error.message, "error"),
    );
  };
  return (
    <>
      <button type="button" class="quiet" onClick={() => setAsking(true)}>
        {said.withdraw}
      </button>
      {isAsking ? <Ask title={said.withdraw} label={said.withdrawWhy} button={said.withdraw} run={run} close={() => setAsking(false)} /> : null}
    </>
  );
}
