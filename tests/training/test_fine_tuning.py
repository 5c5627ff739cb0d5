"""Encoders that are trained here: the two networks, their graphs, their words, and what a training goes on from."""

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch

from hitl.adapters.files.artifacts import ArtifactStore
from hitl.adapters.pictures.stored import StoredPictures
from hitl.errors import InvalidConfig
from hitl.inference.encoder_admission import try_encoder
from hitl.inference.encoders import Encoder, any_encoder_from
from hitl.inference.head_fit import fit_head
from hitl.inference.head_model import HeadModel
from hitl.inference.pictures import blank_pictures, blank_pixels
from hitl.inference.sample import TrainingSample
from hitl.tasks import load_task
from hitl.tasks.fine_tune_terms import FineTune, SmallCnnTerms, SmallTransformerTerms
from tests.fixtures import encoders, text_encoders
from tests.fixtures.fine_tuning import PICTURES, SIDE, STRIPES, TEXTS, drawn, striped_sample, task_over
from training.args import Compute
from training.encoding import RowReader
from training.fine_tuning import inputs as inputs_module
from training.fine_tuning import run
from training.fine_tuning.descent import Progress, batches_of, losses, optimiser_of
from training.fine_tuning.export import exported_encoder, head_of
from training.fine_tuning.group import Trained, are_gpus_enough
from training.fine_tuning.inputs import Inputs
from training.fine_tuning.networks import EncoderWithHead
from training.fine_tuning.plan import NetworkPlan, picture_recipe
from training.fine_tuning.run import FineTuning
from training.fine_tuning.start import fitting_weights, start_from
from training.fine_tuning.vocabulary import known_tokens, tokenizer_of, tokens_of
from training.importing.comparison import compare_answers

CNN = SmallCnnTerms(architecture="small_cnn", size=SIDE, epochs=4)
TRANSFORMER = SmallTransformerTerms(architecture="small_transformer", max_tokens=12)
UNTRAINED, TRAINED = 0.75, 0.85
"""Accuracies on three kinds of stripes that nothing was fitted to."""
WORDS = [text for text, _ in text_encoders.labelled_texts(30)]
TOKENIZER = tokenizer_of(WORDS, 100)


def plan_of(terms: FineTune) -> NetworkPlan:
    return NetworkPlan(terms, 3, 0 if isinstance(terms, SmallCnnTerms) else known_tokens(TOKENIZER))


def test_a_graph_of_pictures_gives_the_vectors_of_its_network() -> None:
    plan = plan_of(CNN)
    network, recipe = drawn(plan), picture_recipe(CNN)
    encoder = exported_encoder(network, plan, b"")
    pixels = [blank_pixels(row, recipe) for row in blank_pictures(20, 0)]
    (given,) = plan.given(torch.tensor(np.stack(pixels)))
    np.testing.assert_allclose(given.numpy(), np.stack([recipe.tensor(each) for each in pixels]), atol=1e-5)
    with torch.inference_mode():
        vectors = network.encoder(given).numpy()
    np.testing.assert_allclose(encoder.encode(pixels), vectors, atol=1e-4)
    assert np.ptp(vectors, axis=0).max() > 0.01
    assert exported_encoder(network, plan, b"").digest == encoder.digest


def test_a_graph_of_texts_gives_the_answers_of_its_network() -> None:
    plan = plan_of(TRANSFORMER)
    network, texts = drawn(plan), [*WORDS, "", "...", "half a pair \ud800", "refund " * 40, "of nothing known"]
    encoder = exported_encoder(network, plan, TOKENIZER)
    said = HeadModel(text_encoders.LABELS, head_of(network), {}).predict(encoder.encode(texts))
    rows = np.array(texts, dtype=object)
    expected = Inputs(plan, TOKENIZER, StoredPictures("")).answers(network, rows)
    assert compare_answers(expected, said).largest_difference < 1e-5
    assert np.ptp(expected, axis=0).max() > 0.01


@pytest.mark.parametrize("terms", [CNN, TRANSFORMER])
def test_an_exported_encoder_is_admitted_like_one_from_elsewhere(terms: FineTune) -> None:
    plan = plan_of(terms)
    assert try_encoder(exported_encoder(drawn(plan), plan, TOKENIZER)).rows > 0


def trained(terms: SmallCnnTerms, sample: TrainingSample, progress: Progress | None = None) -> Progress:
    torch.manual_seed(0)
    plan = NetworkPlan(terms, 3)
    network = plan.network()
    found = Progress(network, optimiser_of(network, plan))
    if progress is not None:
        file = io.BytesIO()
        torch.save(progress.plain(), file)
        found.go_on_from(torch.load(io.BytesIO(file.getvalue()), weights_only=True))
    batches = batches_of(sample, plan, 1)
    list(losses(found, network, batches, plan, lambda epoch: batches.generator.manual_seed(epoch)))
    return found


def right(network: EncoderWithHead, sample: TrainingSample) -> float:
    with torch.inference_mode():
        said = network.eval()(*plan_of(CNN).given(torch.tensor(sample.rows))).argmax(dim=1)
    return float((said.numpy() == sample.targets).mean())


def test_training_teaches_what_an_encoder_of_random_weights_does_not_tell_its_head() -> None:
    terms, taught, others = CNN.model_copy(update={"epochs": 14}), striped_sample(300), striped_sample(150, first=300)
    torch.manual_seed(0)
    encoder = plan_of(CNN).network().encoder
    with torch.inference_mode():
        vectors = [encoder(*plan_of(CNN).given(torch.tensor(each.rows))).numpy() for each in (taught, others)]
    head = fit_head(replace(taught, rows=vectors[0]), {"C": 1.0}, 0)
    assert (head.probabilities(vectors[1]).argmax(axis=1) == others.targets).mean() < UNTRAINED
    assert right(trained(terms, taught).network, others) > TRAINED


def test_training_goes_on_from_a_checkpoint_as_if_nothing_had_ended_it() -> None:
    sample, plan = striped_sample(64), plan_of(CNN)
    whole = trained(CNN, sample)
    torch.manual_seed(0)
    network = plan.network()
    half, batches = Progress(network, optimiser_of(network, plan)), batches_of(sample, plan, 1)
    epochs = losses(half, network, batches, plan, lambda epoch: batches.generator.manual_seed(epoch))
    next(epochs), next(epochs)
    rest = trained(CNN, sample, half)
    assert (half.epochs, rest.epochs, whole.epochs) == (2, 4, 4)
    for name, value in whole.network.state_dict().items():
        torch.testing.assert_close(rest.network.state_dict()[name], value, rtol=0, atol=0, msg=name)


def test_a_word_of_too_few_texts_is_not_in_the_file() -> None:
    texts = ["Refund the card"] * 4 + ["refund Mustermann"] * 2
    tokenizer = tokenizer_of(texts, 100)
    assert known_tokens(tokenizer) == 2 + 3
    assert b"mustermann" not in tokenizer.lower()
    assert tokens_of(tokenizer, ["refund Mustermann"], 4).tolist() == [[2, 1, 0, 0]]
    assert known_tokens(tokenizer_of(texts, 1)) == 2 + 1
    assert tokenizer == tokenizer_of(reversed(texts), 100)


def test_more_pictures_than_fit_are_refused_before_any_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inputs_module, "MAX_BYTES", 9 * SIDE * SIDE * 3)
    rows = np.array(blank_pictures(10, 0), dtype=object)
    with pytest.raises(InvalidConfig, match=r"fine_tune\.size: expected at most 9 pictures of this size, came 10"):
        Inputs(plan_of(CNN), b"", StoredPictures("")).compact_rows(rows)


def test_a_training_that_diverges_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = load_task(task_over(TEXTS, text_encoders.LABELS, "texts", "{architecture: small_transformer}"), "a file")
    rows = np.array(WORDS, dtype=object)
    targets = np.arange(len(rows)) % 3
    taught = TrainingSample(rows, targets, np.ones(len(rows), dtype=np.float32), text_encoders.LABELS)
    diverged = Trained(drawn(plan_of(TRANSFORMER)), float("nan"), 0, 1, "cpu")
    monkeypatch.setattr(run, "train_network", lambda *_: diverged)
    compute = Compute(1, 1.0, 1, 1.0, False, 0.0, 0, "x", "/tmp/x")
    store, reader = ArtifactStore(str(tmp_path)), RowReader(StoredPictures(""))
    with pytest.raises(InvalidConfig, match=r"model\.fine_tune\.learning_rate: the training diverged"):
        FineTuning(spec, TRANSFORMER, reader, store, compute, print).learn(taught, rows)


def model_over(encoder: Encoder, network: EncoderWithHead | None = None) -> bytes:
    head = head_of(drawn(plan_of(CNN)) if network is None else network)
    return HeadModel(STRIPES, head, {}).joined_bytes(encoder)


@pytest.mark.parametrize(("terms", "kind"), [(CNN, PICTURES), (TRANSFORMER, TEXTS)])
def test_training_can_start_from_a_model_that_was_trained_here(terms: FineTune, kind: str) -> None:
    plan = plan_of(terms)
    network = drawn(plan, seed=3)
    spec = load_task(task_over(kind, STRIPES, "stripes", f"{{architecture: {terms.architecture}}}"), "a file")
    start = start_from(spec, model_over(exported_encoder(network, plan, TOKENIZER), network))
    found = fitting_weights(spec, start, plan)
    for name, value in network.encoder.state_dict().items():
        torch.testing.assert_close(found[name], value, rtol=0, atol=0, msg=name)
    assert start.tokenizer == (b"" if kind == PICTURES else TOKENIZER)
    fresh = plan.network()
    fresh.encoder.load_state_dict(found)


def foreign(plan: NetworkPlan) -> bytes:
    return model_over(any_encoder_from(encoders.encoder_bytes(), "cpu"))


def with_words(plan: NetworkPlan) -> bytes:
    graph = onnx.load_model_from_string(encoders.pooling())
    graph.graph.initializer.append(onnx.helper.make_tensor("words", onnx.TensorProto.STRING, [1], [b"a word"]))
    return model_over(any_encoder_from(encoders.encoder_bytes(graph.SerializeToString()), "cpu"))


def of_texts(plan: NetworkPlan) -> bytes:
    words = plan_of(TRANSFORMER)
    return model_over(exported_encoder(drawn(words), words, TOKENIZER))


@pytest.mark.parametrize(
    ("made", "why"),
    [
        (foreign, "its encoder is not a small_cnn of these sizes, trained here"),
        (with_words, "its encoder holds what is no weight of ours"),
        (of_texts, "its encoder reads texts; the task's cases are pictures"),
        (lambda plan: b"no model", "not a model over an encoder"),
    ],
)
def test_a_model_that_training_cannot_go_on_from_is_refused(made: Callable[[NetworkPlan], bytes], why: str) -> None:
    stripes = load_task(task_over(PICTURES, STRIPES, "stripes", "{architecture: small_cnn}"), "a file")
    with pytest.raises(InvalidConfig, match=r"model\.fine_tune\.start") as refused:
        fitting_weights(stripes, start_from(stripes, made(plan_of(CNN))), plan_of(CNN))
    assert why in str(refused.value)


@pytest.mark.parametrize(
    ("gpus", "workers", "each", "enough"),
    [
        (0.0, 1, 1.0, False),
        (1.0, 2, 1.0, False),
        (1.0, 2, 0.5, False),
        (0.5, 1, 0.5, True),
        (2.0, 2, 1.0, True),
        (2.0, 1, 0.0, False),
    ],
)
def test_training_takes_gpus_where_all_workers_get_theirs(gpus: float, workers: int, each: float, enough: bool) -> None:
    assert are_gpus_enough({"CPU": 8.0, "GPU": gpus}, workers, each) is enough
