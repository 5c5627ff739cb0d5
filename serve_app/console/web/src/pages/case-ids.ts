// What people enter or paste to find a case.

const OF_REVIEW = /^([a-z2-7]{26})-\d+$/;

/** The case's id: a review's id is its case's with a number behind it. What is no id of ours stays as it is. */
export function caseOf(entered: string): string {
  return OF_REVIEW.exec(entered)?.[1] ?? entered;
}
