// What this person holds of one queue: the case in hand and the next one, fetched ahead so that it is there at once.
import { signal, type Signal } from "@preact/signals";
import { act, read } from "../api";
import type { CallersQueue, ReviewAtHand } from "../api-types";

export interface Claimed {
  review: ReviewAtHand;
  /** When the lease ends, on this page's own clock, in milliseconds. */
  endsAt: number;
}

/** The case in hand and the next one. */
export const AHEAD = 2;
/** A lease with less of its time left than this share is renewed while the person works. */
const RENEW_BELOW = 2 / 3;

export class Claims {
  readonly held: Signal<Claimed[]> = signal([]);
  readonly state: Signal<"loading" | "ready" | "empty"> = signal("loading");
  readonly why: Signal<CallersQueue | null> = signal(null);
  readonly failure: Signal<Error | null> = signal(null);
  private isFilling = false;
  private isAskedAgain = false;
  private isLeft = false;
  private isAdopted = false;
  private readonly renewing = new Set<string>();

  /** `first` is the review that the address names: of what is held already it comes first. */
  constructor(
    readonly queue: string,
    private readonly first = "",
  ) {}

  /** Claim until AHEAD are held or nothing waits; whoever asks meanwhile has it looked once more, so that no news is lost. */
  async fill(): Promise<void> {
    this.isAskedAgain = true;
    if (this.isFilling) return;
    this.isFilling = true;
    try {
      await this.adopt();
      while (this.isAskedAgain && !this.isLeft) {
        this.isAskedAgain = false;
        while (this.held.value.length < AHEAD && (await this.claim()));
        this.failure.value = null;
        if (this.held.value.length === 0) await this.explain();
      }
    } catch (error) {
      this.failure.value = error as Error;
    } finally {
      this.isFilling = false;
    }
  }

  /** The first of them is done with, or lost. */
  drop(reviewId: string): void {
    this.held.value = this.held.value.filter((each) => each.review.review_id !== reviewId);
    if (this.held.value.length === 0) this.state.value = "loading";
    void this.fill();
  }

  async extend(claimed: Claimed): Promise<void> {
    const sentAt = performance.now();
    const answer = await act("POST /v1/reviews/{review_id}/heartbeat", { review_id: claimed.review.review_id }, { lease: leaseOf(claimed.review) });
    this.renew(claimed.review.review_id, sentAt + 1000 * answer.lease_s);
  }

  /** The person is at work: what they hold stays theirs. One that is lost meanwhile shows when its time is over. */
  touch(): void {
    for (const claimed of this.held.value) {
      const id = claimed.review.review_id;
      const left = (claimed.endsAt - performance.now()) / 1000;
      if (left > RENEW_BELOW * lengthOf(claimed.review) || left <= 0 || this.renewing.has(id)) continue;
      this.renewing.add(id);
      void this.extend(claimed)
        .catch(() => undefined)
        .finally(() => this.renewing.delete(id));
    }
  }

  /** A case that waited behind the one in hand and whose lease ran out is quietly given up. */
  forgetLate(): void {
    const [first, ...rest] = this.held.value;
    const kept = rest.filter((each) => each.endsAt > performance.now());
    if (first && kept.length < rest.length) this.held.value = [first, ...kept];
  }

  /** Look at the next held one, and put the one in hand behind it. */
  turn(): void {
    const [first, ...rest] = this.held.value;
    if (first && rest.length > 0) this.held.value = [...rest, first];
  }

  /** A case whose answer was undone is in hand again, before all others, under its new lease. */
  async takeBack(claimed: Claimed, lease: number): Promise<void> {
    const former = claimed.review.lease;
    const review: ReviewAtHand = { ...claimed.review, lease: former ? { ...former, id: lease } : null };
    if (this.isLeft) return void (await release(review));
    this.held.value = [{ review, endsAt: performance.now() + 1000 * lengthOf(review) }, ...this.held.value];
    this.state.value = "ready";
  }

  /** Give back what was fetched ahead: somebody else may have it. */
  async leave(): Promise<void> {
    this.isLeft = true;
    const ahead = this.held.value;
    this.held.value = [];
    await Promise.allSettled(ahead.map((each) => release(each.review)));
  }

  /** What the person holds of this queue since before this page: after a reload, a new sign-in, in a second window. */
  private async adopt(): Promise<void> {
    if (this.isAdopted) return;
    const sentAt = performance.now();
    const { reviews } = await read("/v1/leases");
    this.isAdopted = true;
    const mine = reviews.filter((review) => review.queue === this.queue && review.lease !== null);
    const ordered = [...mine.filter((review) => review.review_id === this.first), ...mine.filter((review) => review.review_id !== this.first)];
    for (const review of ordered) {
      const kept = await act("POST /v1/reviews/{review_id}/heartbeat", { review_id: review.review_id }, { lease: leaseOf(review) }).catch(() => null);
      if (kept === null) continue;
      this.held.value = [...this.held.value, { review, endsAt: sentAt + 1000 * kept.lease_s }];
      this.state.value = "ready";
    }
  }

  /** Whether another may be claimed. What comes after the page was left goes back. */
  private async claim(): Promise<boolean> {
    const sentAt = performance.now();
    const found = (await act("POST /v1/queues/{queue}/claim", { queue: this.queue }, {})) as { review?: ReviewAtHand } | undefined;
    if (!found?.review) return false;
    if (this.isLeft) {
      await release(found.review);
      return false;
    }
    this.held.value = [...this.held.value, { review: found.review, endsAt: sentAt + 1000 * lengthOf(found.review) }];
    this.state.value = "ready";
    return true;
  }

  private renew(reviewId: string, endsAt: number): void {
    this.held.value = this.held.value.map((each) => (each.review.review_id === reviewId ? { ...each, endsAt } : each));
  }

  private async explain(): Promise<void> {
    this.why.value = await read("/v1/queues/{queue}", { queue: this.queue });
    this.state.value = "empty";
  }
}

function leaseOf(review: ReviewAtHand): number {
  return review.lease?.id ?? 0;
}

function lengthOf(review: ReviewAtHand): number {
  return review.lease?.lease_s ?? 0;
}

function release(review: ReviewAtHand): Promise<unknown> {
  return act("POST /v1/reviews/{review_id}/release", { review_id: review.review_id }, { lease: leaseOf(review), reason: "the page was left" });
}
