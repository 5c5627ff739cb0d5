"""Keep what each model says of the vault's rows, once a row: certificates rest on it, so that it is journalled."""

from hitl.canonical import canonical
from hitl.errors import InvalidInput
from hitl.learning.journalled.commands import ScoreVault
from hitl.learning.journalled.events import VaultScored
from hitl.learning.journalled.state import VaultScores
from hitl.learning.journalled.views import NotedScores
from hitl.machine.machine import Outcome

MOST_ROWS = 500
"""Of one command."""
MOST_SCORED = 10_000
"""Rows of one model under one policy; more prove no more than a certificate needs."""
MOST_MODELS = 20
"""Pairs of a model and a policy of one task whose scores are kept: the newest."""


def score(vault: VaultScores, command: ScoreVault) -> Outcome:
    """A row that the model has scored keeps its first score: choosing among several would choose the evidence."""
    if len(command.scores) > MOST_ROWS or len(canonical(command.scores)) > MOST_ROWS * 1024:
        raise InvalidInput("/scores", f"at most {MOST_ROWS} rows of 1 KiB")
    known = vault.get(command.task, {}).get((command.model, command.policy_version), {})
    new = tuple(each for each in command.scores if each.case_id not in known)[: max(MOST_SCORED - len(known), 0)]
    answer = NotedScores(command.task, command.model, len(new))
    if not new:
        return Outcome([], answer)
    return Outcome(
        [VaultScored(task=command.task, model=command.model, policy_version=command.policy_version, scores=new)], answer
    )


def scored(vault: VaultScores, event: VaultScored) -> None:
    """Add the event's rows, in place; the pair that was scored longest ago goes first."""
    kept = vault.setdefault(event.task, {})
    rows = kept.pop((event.model, event.policy_version), {})
    rows.update({each.case_id: each for each in event.scores})
    kept[event.model, event.policy_version] = rows
    while len(kept) > MOST_MODELS:
        del kept[next(iter(kept))]
