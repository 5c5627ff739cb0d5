"""The family ``declared``: clients bring a model's answers with their cases, and people approve the model's card."""

from collections.abc import Mapping, Sequence

from hitl.errors import InvalidConfig
from hitl.inference.cards import Card, DeclaredCard, checked_card, family_in_card
from hitl.inference.classifier import Classifier
from hitl.inference.families.family import ALONE, Family, WorkerPlace
from hitl.inference.rows import DOCUMENT, NUMBERS, PICTURE, RECORDING, TEXT
from hitl.inference.sample import Hyperparameters, TrainingSample


class DeclaredFamily(Family):
    name = "declared"
    reads = frozenset({DOCUMENT, NUMBERS, PICTURE, RECORDING, TEXT})
    file_ending = "json"
    loads_with = ("hitl.inference.declared_model",)
    is_trained_here = False
    is_declared = True
    is_carded = True

    def fit(self, sample: TrainingSample, params: Hyperparameters, seed: int, place: WorkerPlace = ALONE) -> Classifier:
        raise InvalidConfig("model", "family", "declared is trained elsewhere: bring the next card with `hitl model card`")

    def recognises(self, data: bytes) -> bool:
        return family_in_card(data) == self.name

    def load(self, data: bytes, labels: tuple[str, ...], width: int, device: str) -> Classifier:
        from hitl.inference import declared_model

        return declared_model.from_bytes(data, labels)

    def read_card(self, fields: Mapping[str, object], labels: Sequence[str]) -> Card:
        return checked_card(DeclaredCard, {"labels": [*labels], **fields})
