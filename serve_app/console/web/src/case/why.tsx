// Why a person sees this case, in words; and what the model suggests, hidden where the review is blind.
import type { ReviewAtHand } from "../api-types";
import { percent, sentence, short } from "../format";
import { text } from "../messages";
import { Bars } from "../ui/bars";
import { Facts } from "../ui/facts";
import { labelWords } from "./label-words";

const BLIND_CHECKS = ["audit", "gold"];

export function Why({ review }: { review: ReviewAtHand }) {
  const said = text.value.review;
  const rows: [string, string][] = review.blind ? [] : [[said.reason, sentence(review.reason)]];
  if (review.escalation) rows.push([said.escalated, review.escalation]);
  if (review.rules?.length) rows.push([said.rules, review.rules.join(", ")]);
  if (review.segment) rows.push([said.segment, review.segment]);
  rows.push([said.priority, said.priorities[review.priority] ?? review.priority]);
  return (
    <section>
      <h2>{said.why}</h2>
      {BLIND_CHECKS.includes(review.purpose ?? "") ? <p>{said.blindCheck}</p> : null}
      <Facts rows={rows} />
    </section>
  );
}

export function Suggestion({ review, isShown }: { review: ReviewAtHand; isShown: boolean }) {
  const said = text.value.review;
  if (review.blind) return <Hidden why={said.suggestionHidden} />;
  if (!review.prediction) return <Hidden why={said.suggestionNone} />;
  if (!isShown) return <Hidden why={said.suggestionPress} />;
  const { form, probabilities } = review;
  const best = form.labels.map((label, at) => ({ name: labelWords(form, label), share: probabilities?.[at] ?? 0 })).sort((a, b) => b.share - a.share).slice(0, 3);
  return (
    <section>
      <h2>{said.suggestion}</h2>
      <p>
        <strong class="big">{labelWords(form, review.prediction)}</strong> <span class="note">{said.confidence(percent(review.confidence))}</span>
      </p>
      {probabilities ? <Bars rows={best} label={said.top} /> : null}
      <p class="hint">
        {said.modelVersion(short(review.model_version))}
        {review.form.predictions_by === "client" ? `, ${said.declaredBy(review.client)}` : ""}
      </p>
    </section>
  );
}

function Hidden({ why }: { why: string }) {
  return (
    <section>
      <h2>{text.value.review.suggestion}</h2>
      <p class="hint">{why}</p>
    </section>
  );
}
