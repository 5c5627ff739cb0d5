// Which queues are a person's, and what they are called.
import { text } from "../messages";
import { may } from "../session";

const EXPERTS = ".expert";

export function isOfExperts(queue: string): boolean {
  return queue.endsWith(EXPERTS);
}

/** Experts answer every queue, reviewers all but the experts'. */
export function isMine(queue: string): boolean {
  return isOfExperts(queue) ? may("review_as_expert") : may("review");
}

export function titleOf(queue: string): string {
  return isOfExperts(queue) ? text.value.review.expertsOf(queue.slice(0, -EXPERTS.length)) : queue;
}
