"""``hitl review``: see what waits, claim it and answer, with a reviewer's own key."""

from typing import Annotated

import typer
import yaml

from hitl.cli.commands.connection import JsonOutput, Key, Repeatable, Url, client_of, tell

review_app = typer.Typer(
    no_args_is_help=True, help="Reviews: see what waits, claim, answer. Needs a reviewer's key in HITL_API_KEY."
)

Lease = Annotated[int, typer.Option(help="The lease's number, as 'claim' printed it.")]
Comment = Annotated[str, typer.Option(help="A note that stands beside the answer.")]
Reason = Annotated[str, typer.Option(help="Why: it stands in the history.")]


@review_app.command("queues")
def list_queues(key: Key, url: Url = None, as_json: JsonOutput = False) -> None:
    """Show the queues that you see, and how much waits in each."""
    with client_of(url, key) as client:
        found = client.queues()
    tell(found, "\n".join(f"{name}: {of['waiting']} wait" for name, of in found["queues"].items()), as_json)


@review_app.command("claim")
def claim(
    queue: str,
    key: Key,
    url: Url = None,
    count: Annotated[int, typer.Option(min=1, max=50, help="How many to take.")] = 1,
    as_json: JsonOutput = False,
) -> None:
    """Take the most pressing reviews of QUEUE: nobody else gets them while the lease runs."""
    with client_of(url, key) as client:
        found = client.claim(queue, count=count)
    held = ((each["review_id"], each["lease"]) for each in found.get("reviews", []))
    lines = [f"{review_id} lease {lease['id']}" for review_id, lease in held if lease is not None]
    tell(found, "\n".join(lines) or "nothing waits for you", as_json)


@review_app.command("show")
def show(review_id: str, key: Key, url: Url = None, as_json: JsonOutput = False) -> None:
    """Print the review, with its case's input."""
    with client_of(url, key) as client:
        found = client.review(review_id)
    tell(found, yaml.safe_dump(found, sort_keys=False, allow_unicode=True).rstrip(), as_json)


@review_app.command("answer")
def answer(  # noqa: PLR0913 - its options
    review_id: str,
    label: str,
    lease: Lease,
    key: Key,
    url: Url = None,
    confidence: Annotated[float, typer.Option(min=0, max=1, help="How sure you are.")] = 1.0,
    comment: Comment = "",
    as_json: JsonOutput = False,
    idempotency_key: Repeatable = None,
) -> None:
    """Give LABEL as the true label of a review that you hold."""
    with client_of(url, key) as client:
        told = client.answer(review_id, lease, label, confidence, comment, idempotency_key)
    tell(told, f"{told['review_id']} {told['status']}", as_json)


@review_app.command("release")
def release(review_id: str, lease: Lease, key: Key, url: Url = None, reason: Reason = "", as_json: JsonOutput = False) -> None:
    """Give a review back to its place in the queue."""
    with client_of(url, key) as client:
        told = client.release(review_id, lease, reason)
    tell(told, f"{review_id} is back in its queue", as_json)


@review_app.command("escalate")
def escalate(review_id: str, lease: Lease, reason: Reason, key: Key, url: Url = None, as_json: JsonOutput = False) -> None:
    """Hand a review to the experts."""
    with client_of(url, key) as client:
        told = client.escalate(review_id, lease, reason)
    tell(told, f"{review_id} is with the experts", as_json)
