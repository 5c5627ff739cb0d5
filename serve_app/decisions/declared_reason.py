"""Say why no declared prediction answers a case."""

from hitl.inference.cards import DeclaredCard
from hitl.inference.declared import DeclaredRow
from hitl.inference.declared_model import DeclaredModel
from serve_app.decisions.predictor import TaskModels

MOST_NAMED = 4


def why_undeclared(row: DeclaredRow, served: TaskModels) -> str:
    """In words for reviewers and for the client: what was declared, and what is approved."""
    cards = [loaded.classifier.card for loaded in served.models if isinstance(loaded.classifier, DeclaredModel)]
    approved = " and ".join(card.name for card in cards[:MOST_NAMED])
    if not row.said:
        return f"no prediction was declared; approved is {approved}"
    said = " and ".join(one.name for one in row.said[:MOST_NAMED])
    if _names_one(row, cards):
        return f"{row.by} may not declare {said}: the approved card does not name this account"
    return f"declared was {said}, which nobody approved for this case; approved is {approved}"


def _names_one(row: DeclaredRow, cards: list[DeclaredCard]) -> bool:
    named = {(one.model, one.version) for one in row.said}
    return any((card.model, card.version) in named and row.by not in card.declarers for card in cards)
