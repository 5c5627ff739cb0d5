"""Decide, claim, answer and read with the client that openapi-python-client made: its folder, the URL and three keys."""

import secrets
import sys
import time

sys.path.insert(0, sys.argv[1])

from generated import AuthenticatedClient
from generated.api.decisions import decide_case, show_decision
from generated.api.queues import claim_reviews
from generated.api.reviews import decide_review
from generated.models import ClaimBody, DecisionBody, FirstAnswer, NewCaseBody, ReviewsAtHand


def main(url: str, client_key: str, reviewer_key: str, features: list[float]) -> None:
    client, reviewer = (AuthenticatedClient(base_url=url, token=key) for key in (client_key, reviewer_key))
    asked = decide_case.sync("digits", client=client, body=NewCaseBody(features=features), idempotency_key=secrets.token_hex(8))
    assert isinstance(asked, FirstAnswer), asked
    while True:
        found = claim_reviews.sync("digits", client=reviewer, body=ClaimBody())
        if not isinstance(found, ReviewsAtHand) or not found.reviews:
            time.sleep(0.1)
            continue
        review = found.reviews[0]
        answer = DecisionBody(lease=review.lease.id, label="3")
        told = decide_review.sync(review.review_id, client=reviewer, body=answer, idempotency_key=secrets.token_hex(8))
        assert told is not None
        if review.case_id == asked.case_id:
            break
    decided = show_decision.sync(asked.case_id, client=client, wait=20.0)
    print(decided.status, decided.outcome.label)


if __name__ == "__main__":
    main(*sys.argv[2:5], [float(number) for number in sys.argv[5].split(",")])
