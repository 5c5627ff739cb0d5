"""``hitl approvals``: see what waits for votes, and vote, with an approver's own key."""

from typing import Annotated

import typer
import yaml

from hitl.cli.commands.connection import JsonOutput, Key, Repeatable, Url, client_of, tell

approvals_app = typer.Typer(no_args_is_help=True, help="Approvals: list, show, vote. Needs an approver's key in HITL_API_KEY.")

LEAST_OF_A_DIGEST = 12
"""Characters: as many as every list shows."""


@approvals_app.command("list")
def list_approvals(
    key: Key,
    url: Url = None,
    status: Annotated[str | None, typer.Option(help="pending, approved, rejected, ...; default: all.")] = "pending",
    task: Annotated[str | None, typer.Option(help="Only of this task.")] = None,
    as_json: JsonOutput = False,
) -> None:
    """Show requests, those that wait for votes first."""
    with client_of(url, key) as client:
        found = client.approvals(status, task)
    lines = [f"{each['approval_id']} {each['digest'][:12]} {each['status']} {each['title']}" for each in found["approvals"]]
    tell(found, "\n".join(lines) or "nothing waits for votes", as_json)


@approvals_app.command("show")
def show(approval_id: str, key: Key, url: Url = None, as_json: JsonOutput = False) -> None:
    """Print the request with its evidence."""
    with client_of(url, key) as client:
        found = client.approval(approval_id)
    tell(found, yaml.safe_dump(found, sort_keys=False, allow_unicode=True).rstrip(), as_json)


@approvals_app.command("vote")
def vote(  # noqa: PLR0913 - its options
    approval_id: str,
    how: Annotated[str, typer.Argument(help="approve, reject, or another option of the request.")],
    digest: Annotated[str, typer.Option(help="What you vote on, at least its first 12 characters: as you saw it.")],
    key: Key,
    url: Url = None,
    comment: Annotated[str, typer.Option(help="Why: it stands beside the vote.")] = "",
    as_json: JsonOutput = False,
    idempotency_key: Repeatable = None,
) -> None:
    """Vote on exactly the bytes that DIGEST names: where the request is about others, nothing is cast."""
    with client_of(url, key) as client:
        whole = client.approval(approval_id)["approval"]["digest"]
        if len(digest) < LEAST_OF_A_DIGEST or not whole.startswith(digest):
            raise typer.BadParameter(f"{approval_id} is about {whole}", param_hint="--digest")
        told = client.vote(approval_id, how, whole, comment, idempotency_key)
    tell(told, f"{approval_id} {told['status']}: {told['approving']} of {told['quorum']} approve", as_json)
