"""Every family's models pass the trial that models from outside pass, in a process of its own."""

import pytest
import torch

from hitl.adapters.checkers.admitting import admit
from hitl.inference import Classifier, Mlp, TorchMlp, encoder, pack
from hitl.inference.encoder import WIDTH
from hitl.inference.sentence_mlp import SentenceMlp
from tests.inference.hostile_graphs import LABELS, bundle, honest
from tests.inference.test_artifact import logistic, mlp, reader


def sentences() -> Classifier:
    torch.manual_seed(0)
    return SentenceMlp(TorchMlp(("ham", "spam"), Mlp(WIDTH, 8, 2), {}), encoder.installed_encoder())


@pytest.mark.parametrize("make", [mlp, logistic, reader, sentences])
async def test_a_model_of_each_family_is_admitted(make) -> None:  # type: ignore[no-untyped-def]
    model = make()
    admission = await admit(pack(model), model.labels, model.width)
    assert admission.rows == 192
    assert admission.largest_difference < 1e-6


async def test_a_model_of_other_labels_is_not() -> None:
    data = bundle(honest())
    assert (await admit(data, LABELS, 4)).rows == 192
    with pytest.raises(Exception, match="the task's 2 labels over 4 numbers"):
        await admit(data, ("yes", "no"), 4)
