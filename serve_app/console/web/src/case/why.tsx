// Why a person sees this case, in words; and what the model says, hidden where the review is blind.
import type { Json } from "../api";
import { percent } from "../format";
import { Bars } from "../ui/bars";
import { Facts } from "../ui/facts";

const PURPOSES: Record<string, string> = {
  audit: "A sample of what the model decided, to measure how often it is wrong. Your answer is not compared before you give it.",
  gold: "A sample of all cases, to measure the model. Your answer is not compared before you give it.",
};

export function Why({ review }: { review: Json }) {
  const rows: [string, string][] = [["Reason", String(review.reason)]];
  if (review.escalation) rows.push(["Escalated", String(review.escalation)]);
  if (review.rules?.length) rows.push(["Rules", review.rules.join(", ")]);
  if (review.segment) rows.push(["Segment", String(review.segment)]);
  rows.push(["Priority", String(review.priority)]);
  return (
    <section>
      <h2>Why you see this</h2>
      {PURPOSES[review.purpose] ? <p>{PURPOSES[review.purpose]}</p> : null}
      <Facts rows={review.blind ? rows.filter(([name]) => name !== "Reason") : rows} />
    </section>
  );
}

export function Suggestion({ review, probabilities, labels, isShown }: { review: Json; probabilities?: number[]; labels: string[]; isShown: boolean }) {
  if (review.blind) return <Hidden text="Hidden until you have answered: this review is blind." />;
  if (!review.prediction) return <Hidden text="No suggestion: no model has seen this case." />;
  if (!isShown) return <Hidden text="Hidden; press M to show it." />;
  const best = labels.map((name, at) => ({ name, share: probabilities?.[at] ?? 0 })).sort((a, b) => b.share - a.share).slice(0, 3);
  return (
    <section>
      <h2>The model says</h2>
      <p class="big">{String(review.prediction)}</p>
      <p>
        Confidence {percent(review.confidence)} ({String(review.confidence_level ?? "")}), version {String(review.model_version ?? "").slice(0, 12)}
        {review.form?.predictions_by === "client" ? `, declared by ${String(review.client)}` : ""}
      </p>
      {probabilities ? <Bars rows={best} label="The three most probable labels" /> : null}
    </section>
  );
}

function Hidden({ text }: { text: string }) {
  return (
    <section>
      <h2>The model says</h2>
      <p>{text}</p>
    </section>
  );
}
