"""A model whose numbers overflow on real cases gets through the gate, decides nothing alone, and is gone within 30 seconds."""

from typing import Any

import pytest
import torch

from hitl.adapters.files.artifacts import ArtifactStore
from hitl.inference import Mlp, TorchMlp, pack
from tests.running import Running, candidate, deploy, images, request, serving, task_spec, until, vote

pytestmark = [pytest.mark.slow, pytest.mark.service]

ROLLED_BACK_WITHIN_S = 30.0


CORNER = 0
"""A pixel that no image of the data set fills."""


def overflowing(service: Running) -> str:
    """Finite on the blank row that the gate tries and on the held-out rows, and on no image with a corner. Returns its digest."""
    spec = task_spec("digits")
    module = Mlp(spec.width, 8, len(spec.labels))
    with torch.no_grad():
        module.layers[0].weight[:, CORNER] = 1e38
    return str(ArtifactStore(service.state.artifact_uri).put(pack(TorchMlp(tuple(spec.labels), module, {}))))


def with_corner(count: int) -> list[Any]:
    """Images of a scanner that leaves a mark."""
    return [[16.0, *features[1:]] for features, _ in images(count)]


def test_a_model_that_overflows_on_real_cases_is_rolled_back_in_time(service: Running) -> None:
    good, bad, pictures = candidate(service, 0.41), overflowing(service), with_corner(10)
    deploy(service, good)
    vote(service, request(service, bad), bad, "kim", "lee")
    until(lambda: serving(service) == [bad])
    with service.as_("client") as client:
        answers = [client.decide("digits", features) for features in pictures]
        until(lambda: serving(service) == [good], ROLLED_BACK_WITHIN_S)
        after = client.decide("digits", pictures[0])
    assert {answer["status"] for answer in answers if answer["model_version"] != good} == {"pending_expert"}
    assert after["model_version"] == good
    with service.as_("operator") as operator:
        last = operator.model("digits")["history"][-1]
    assert (last["cause"], last["versions"]) == ("SharesSet", [[good, 1.0]])
    assert "got no usable probabilities" in last["reason"]
