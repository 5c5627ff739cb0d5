// What this person holds of one queue: the case in hand and the next one, fetched ahead so that it is there at once.
import { signal, type Signal } from "@preact/signals";
import { get, post, type Json } from "../api";

export interface Claimed {
  review: Json;
  /** When the lease ends, on this page's own clock, in milliseconds. */
  endsAt: number;
}

/** The case in hand and the next one. */
export const AHEAD = 2;

export class Claims {
  readonly held: Signal<Claimed[]> = signal([]);
  readonly state: Signal<"loading" | "ready" | "empty"> = signal("loading");
  readonly why: Signal<Json | null> = signal(null);
  readonly failure: Signal<Error | null> = signal(null);
  private isFilling = false;
  private isAskedAgain = false;
  private isLeft = false;

  constructor(readonly queue: string) {}

  /** Claim until AHEAD are held or nothing waits; whoever asks meanwhile has it looked once more, so that no news is lost. */
  async fill(): Promise<void> {
    this.isAskedAgain = true;
    if (this.isFilling) return;
    this.isFilling = true;
    try {
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
    const answer = await post<Json>(`/v1/reviews/${claimed.review.review_id}/heartbeat`, { lease: claimed.review.lease.id });
    this.renew(claimed.review.review_id, sentAt + 1000 * answer.lease_s);
  }

  /** Look at the next held one, and put the one in hand behind it. */
  turn(): void {
    const [first, ...rest] = this.held.value;
    if (first && rest.length > 0) this.held.value = [...rest, first];
  }

  /** A case whose answer was undone is in hand again, before all others, under its new lease. */
  async takeBack(claimed: Claimed, lease: number): Promise<void> {
    const review = { ...claimed.review, lease: { ...claimed.review.lease, id: lease } };
    if (this.isLeft) return void (await release(review));
    this.held.value = [{ review, endsAt: performance.now() + 1000 * review.lease.lease_s }, ...this.held.value];
    this.state.value = "ready";
  }

  /** Give back what was fetched ahead: somebody else may have it. */
  async leave(): Promise<void> {
    this.isLeft = true;
    const ahead = this.held.value;
    this.held.value = [];
    await Promise.allSettled(ahead.map((each) => release(each.review)));
  }

  /** Whether another may be claimed. What comes after the page was left goes back. */
  private async claim(): Promise<boolean> {
    const sentAt = performance.now();
    const found = await post<{ review: Json } | undefined>(`/v1/queues/${encodeURIComponent(this.queue)}/claim`, {});
    if (!found?.review) return false;
    if (this.isLeft) {
      await release(found.review);
      return false;
    }
    this.held.value = [...this.held.value, { review: found.review, endsAt: sentAt + 1000 * found.review.lease.lease_s }];
    this.state.value = "ready";
    return true;
  }

  private renew(reviewId: string, endsAt: number): void {
    this.held.value = this.held.value.map((each) => (each.review.review_id === reviewId ? { ...each, endsAt } : each));
  }

  private async explain(): Promise<void> {
    this.why.value = await get(`/v1/queues/${encodeURIComponent(this.queue)}`);
    this.state.value = "empty";
  }
}

function release(review: Json): Promise<unknown> {
  return post(`/v1/reviews/${review.review_id}/release`, { lease: review.lease.id, reason: "the page was left" });
}
