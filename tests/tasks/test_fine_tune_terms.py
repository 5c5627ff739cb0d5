"""The terms of an encoder that is trained with its head: what a task file may say, and what it is told."""

import pytest

from hitl.errors import InvalidConfig
from hitl.tasks import TaskSpec, load_task
from hitl.tasks.definition import body_of, spec_of
from tests.fixtures.fine_tuning import PICTURES, STRIPES, TEXTS, task_over

CNN = "{architecture: small_cnn, size: 48, workers: 2}"


def test_the_terms_of_a_file_survive_the_journal() -> None:
    spec = load_task(task_over(PICTURES, STRIPES, "stripes", CNN), "a file")
    terms = spec.model.fine_tune
    assert terms is not None
    assert (terms.architecture, terms.workers) == ("small_cnn", 2)
    assert (terms.epochs, terms.learning_rate, terms.batch_size, terms.start) == (20, 0.001, 32, None)
    assert spec_of(body_of(spec)) == spec


def test_a_definition_with_every_default_written_out_means_the_same() -> None:
    spec = load_task(task_over(TEXTS, STRIPES, "r.csv", f"{{architecture: small_transformer, start: {'a' * 64}}}"), "a file")
    assert TaskSpec.model_validate_json(spec.model_dump_json()).model.fine_tune == spec.model.fine_tune


@pytest.mark.parametrize(
    ("kind", "terms", "why"),
    [
        (TEXTS, CNN, "model.fine_tune.architecture: cases are texts, which small_transformer reads; came small_cnn"),
        (PICTURES, "{architecture: small_transformer}", "cases are pictures, which small_cnn reads; came small_transformer"),
        (PICTURES, "{architecture: resnet}", "fine_tune"),
        (PICTURES, "{architecture: small_cnn, max_tokens: 8}", "max_tokens"),
        (PICTURES, "{architecture: small_cnn, size: 8}", "size"),
        (PICTURES, "{architecture: small_cnn, workers: 0}", "workers"),
        (PICTURES, "{architecture: small_cnn, start: abc}", "start"),
        (PICTURES, f"{CNN}, encoder: {'a' * 64}", "model.fine_tune: it makes the encoder; leave out model.encoder"),
        (PICTURES, f"{CNN}, params: {{C: 0.1}}", "the head is trained with the encoder; leave out model.params and model.search"),
        (TEXTS, f"{{architecture: small_transformer, start: {'a' * 64}, vocabulary: 9}}", "vocabulary: that of the start stays"),
    ],
)
def test_terms_that_do_not_fit_are_refused_by_name(kind: str, terms: str, why: str) -> None:
    with pytest.raises(InvalidConfig) as refused:
        load_task(task_over(kind, STRIPES, "stripes", terms), "a file")
    assert why in str(refused.value)


def test_a_family_without_an_encoder_has_none_to_train() -> None:
    text = task_over(TEXTS, STRIPES, "rows.csv", "{architecture: small_transformer}")
    with pytest.raises(InvalidConfig, match=r"model\.fine_tune: sentence_mlp has no encoder; leave it out"):
        load_task(text.replace("encoder_head", "sentence_mlp"), "a file")
