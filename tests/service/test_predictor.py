"""The service with its models in a deployment of their own decides, swaps and answers as the models themselves do."""

from collections.abc import Iterator

import numpy as np
import pytest

from hitl.adapters.files.artifacts import ArtifactStore
from hitl.inference import load
from tests.running import Running, candidate, deploy, images, running, task_spec

pytestmark = [pytest.mark.slow, pytest.mark.service]


@pytest.fixture(scope="module")
def apart(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HITL_PREDICTOR", "deployment")
        patch.setenv("HITL_GATEWAY_REPLICAS", "1")
        with running(tmp_path_factory.mktemp("apart")) as found:
            yield found


@pytest.mark.covers("003-40")
def test_a_predictor_of_its_own_decides_swaps_and_answers_as_its_models_do(apart: Running) -> None:
    spec, pictures = task_spec("digits"), images(20)
    for strength in (0.31, 0.32):
        digest = candidate(apart, strength)
        deploy(apart, digest)
        with apart.as_("client") as client:
            answers = [client.decide("digits", features) for features, _ in pictures]
        model = load(ArtifactStore(apart.state.artifact_uri).get(digest), tuple(spec.labels), spec.width)
        expected = model.predict(np.array([features for features, _ in pictures], dtype=np.float32))
        assert {answer["model_version"] for answer in answers} == {digest}
        np.testing.assert_allclose([answer["confidence"] for answer in answers], expected.max(axis=1), atol=1e-9)
        assert [answer["prediction"] for answer in answers] == [spec.labels[best] for best in expected.argmax(axis=1)]
    assert len(apart.processes("ray::ServeReplica:gateway:Predictor")) == 1
