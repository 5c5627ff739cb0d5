"""Record the calls of a function by a decorator: ``@track_text("feature", "operation")``.

While tracking is disabled a decorator returns the function itself.
"""

import functools
import inspect
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from hitl.tracking import process
from hitl.tracking.extract import PARAMETERS
from hitl.tracking.record import OperationKind
from hitl.tracking.scope import Operation, Submit, current, picture
from hitl.tracking.wrap import wrapped

F = TypeVar("F", bound=Callable[..., Any])


def track_text(feature: str, operation: str = "text_generation", **notes: Any) -> Callable[[F], F]:
    """Track a call of a language model: model, parameters, tokens, cost, confidence.

    ``notes``: ``model``, ``params``, ``tags``, ``experiment``, ``log_prompts``, ``log_artifacts``; they win over what is found.
    """
    return _make_decorator(OperationKind.TEXT, feature, operation, notes)


def track_vision(feature: str, operation: str = "image_analysis", **notes: Any) -> Callable[[F], F]:
    """Track a call of a model that looks at images."""
    return _make_decorator(OperationKind.VISION, feature, operation, notes)


def track_image_generation(feature: str, operation: str = "image_generation", **notes: Any) -> Callable[[F], F]:
    """Track a call of a model that makes images: time, cost per image, parameters of the prompt."""
    return _make_decorator(OperationKind.IMAGE, feature, operation, notes)


def track_rag(feature: str, operation: str = "retrieval", **notes: Any) -> Callable[[F], F]:
    """Track a retrieval: query, documents with scores, reranking, and the context that the model got."""
    return _make_decorator(OperationKind.RAG, feature, operation, notes)


def track_custom(feature: str, operation: str = "operation", **notes: Any) -> Callable[[F], F]:
    """Track anything: every number in a returned mapping is a metric."""
    return _make_decorator(OperationKind.CUSTOM, feature, operation, notes)


def track_agent(feature: str, operation: str, **notes: Any) -> Callable[[F], F]:
    """Track one run of an agent; what it calls inside becomes part of its trace."""
    return _make_decorator(OperationKind.AGENT, feature, operation, notes)


def annotate(**notes: Any) -> None:
    """Say something of the running operation: ``model``, ``usage``, ``confidence``, ``cost``, ``documents``, ``reranked``,
    ``context``, ``params={}``, ``metrics={}``, ``tags={}``, ``artifacts={}``. Outside a tracked call it does nothing."""
    span = current()
    if span is None:
        return
    tags = notes.pop("tags", None)
    span.tags.update({str(key): str(value) for key, value in (tags or {}).items()})
    for key, value in notes.items():
        said = picture(value)
        old = span.notes.get(key)
        span.notes[key] = {**old, **said} if isinstance(old, dict) and isinstance(said, dict) else said


def operation_of(
    kind: OperationKind, feature: str, operation: str, fn: Callable[..., Any], notes: Mapping[str, Any]
) -> Operation:
    """Return the operation that the decorator describes, before any call."""
    tags = notes.get("tags") or {}
    said = tuple((key, picture(value)) for key, value in notes.items() if key != "tags")
    names, defaults = _parameters(fn)
    return Operation(kind, feature, operation, _name(fn), names, said, tuple((str(k), str(v)) for k, v in tags.items()), defaults)


def decorate(fn: F, kind: OperationKind, feature: str, operation: str, notes: Mapping[str, Any], submit: Submit) -> F:
    """``fn`` tracked; static and class methods keep what they are."""
    if isinstance(fn, (staticmethod, classmethod)):
        inner = decorate(fn.__func__, kind, feature, operation, notes, submit)
        return type(fn)(inner)
    return wrapped(fn, operation_of(kind, feature, operation, fn, notes), submit)


def _make_decorator(kind: OperationKind, feature: str, operation: str, notes: Mapping[str, Any]) -> Callable[[F], F]:
    # Asked once, when the function is decorated: with tracking off a call costs nothing.
    if not process.active().enabled:
        return _itself
    return lambda fn: decorate(fn, kind, feature, operation, notes, process.submit)


def _itself(fn: F) -> F:
    return fn


def _name(fn: Callable[..., Any]) -> str:
    inner = fn.func if isinstance(fn, functools.partial) else fn
    return f"{getattr(inner, '__module__', '?')}.{getattr(inner, '__qualname__', type(inner).__qualname__)}"


def _parameters(fn: Callable[..., Any]) -> tuple[tuple[str, ...], tuple[tuple[str, Any], ...]]:
    """Names of the positional parameters, and the defaults of those that are parameters of a model call."""
    try:
        parameters = inspect.signature(fn).parameters.values()
    except (TypeError, ValueError):
        return (), ()
    positional = tuple(p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD))
    known = ((p.name, picture(p.default)) for p in parameters if p.name in PARAMETERS and p.default is not p.empty)
    return positional, tuple(known)


track_gpt_text = track_text
track_gpt_vision = track_vision
track_dalle_generation = track_image_generation
track_rag_operation = track_rag
track_custom_operation = track_custom
