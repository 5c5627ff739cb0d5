"""The model whose encoder a fine-tuning begins with: one that was trained here too, by its digest."""

from dataclasses import dataclass
from typing import TypeAlias

from hitl.errors import InvalidConfig
from hitl.inference.encoders import Encoder, any_encoder_from, form_read_by
from hitl.inference.head_model import read_joined
from hitl.inference.text_encoder import TextEncoder
from hitl.tasks import TaskSpec
from training.fine_tuning.export import Weights, weights_in
from training.fine_tuning.plan import NetworkPlan

Shapes: TypeAlias = dict[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Start:
    """``tokenizer`` is empty for pictures."""

    weights: Weights
    tokenizer: bytes


def start_from(spec: TaskSpec, model: bytes) -> Start:
    """Return what the file of ``model.fine_tune.start`` holds. Raises InvalidConfig for one that is no head over an encoder of
    what the task's cases are."""
    try:
        encoder = any_encoder_from(read_joined(model).encoder, "cpu")
    except ValueError as error:
        raise _refused(spec, f"not a model over an encoder: {error}") from error
    if form_read_by(encoder) is not spec.input.form:
        raise _refused(spec, f"its encoder reads {form_read_by(encoder).plural}; the task's cases are {spec.input.form.plural}")
    try:
        weights = weights_in(encoder.bundle.graph)
    except (TypeError, ValueError) as error:
        raise _refused(spec, f"its encoder holds what is no weight of ours: {error}") from error
    return Start(weights, _tokenizer(encoder))


def fitting_weights(spec: TaskSpec, start: Start, plan: NetworkPlan) -> Weights:
    """Return the weights of the plan's encoder. Raises InvalidConfig where the file holds others: an encoder from elsewhere has
    no network of ours, and one of other sizes another."""
    wanted, came = _shapes(plan.network().encoder.state_dict()), _shapes(start.weights)
    if wanted != came:
        first = sorted(set(wanted.items()) ^ set(came.items()))[0][0]
        why = f"its encoder is not a {plan.terms.architecture} of these sizes, trained here: {first!r} differs"
        raise _refused(spec, why)
    return start.weights


def _tokenizer(encoder: Encoder) -> bytes:
    return encoder.bundle.tokenizer if isinstance(encoder, TextEncoder) else b""


def _shapes(weights: Weights) -> Shapes:
    return {name: tuple(each.shape) for name, each in weights.items()}


def _refused(spec: TaskSpec, why: str) -> InvalidConfig:
    return InvalidConfig(spec.task, "model.fine_tune.start", why)
