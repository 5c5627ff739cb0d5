"""The family ``remote``: a model behind an endpoint that the predictor calls, and people approve its card."""

from collections.abc import Mapping, Sequence

from hitl.errors import InvalidConfig
from hitl.inference.cards import Card, checked_card, family_in_card
from hitl.inference.classifier import Classifier
from hitl.inference.families.family import ALONE, Family, WorkerPlace
from hitl.inference.rows import NUMBERS, TEXT
from hitl.inference.sample import Hyperparameters, TrainingSample


class RemoteFamily(Family):
    name = "remote"
    reads = frozenset({NUMBERS, TEXT})
    file_ending = "json"
    loads_with = ("hitl.inference.remote.model",)
    is_trained_here = False
    is_foreign = True
    is_carded = True
    waits = True

    def fit(self, sample: TrainingSample, params: Hyperparameters, seed: int, place: WorkerPlace = ALONE) -> Classifier:
        raise InvalidConfig("model", "family", "remote is trained elsewhere: bring the next card with `hitl model card`")

    def recognises(self, data: bytes) -> bool:
        return family_in_card(data) == self.name

    def load(self, data: bytes, labels: tuple[str, ...], width: int, device: str) -> Classifier:
        from hitl.inference.remote import model

        return model.from_bytes(data, labels, width)

    def read_card(self, fields: Mapping[str, object], labels: Sequence[str]) -> Card:
        from hitl.inference.remote.card import RemoteCard

        return checked_card(RemoteCard, {"labels": [*labels], **fields})
