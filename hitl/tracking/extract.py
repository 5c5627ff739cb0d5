"""Extract figures from captured arguments and results: model, parameters, tokens, confidence, documents.

Knows the shapes that model clients return (``usage`` of chat completions, ``usage_metadata`` and ``response_metadata`` of
chains, lists of documents with scores); everything else counts by its own key.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from itertools import islice
from math import isfinite
from typing import Any

from hitl.tracking.capture import MORE, length_of, scalar_in
from hitl.tracking.naming import metric_name
from hitl.tracking.record import OperationKind

_OF_CHAT = {"temperature", "max_tokens", "max_completion_tokens", "max_output_tokens", "top_p", "top_k", "seed", "n", "stop"}
_OF_STYLE = {"frequency_penalty", "presence_penalty", "size", "quality", "style", "response_format", "reasoning_effort"}
PARAMETERS = frozenset({"model", "model_version", "prompt_version", "k"} | _OF_CHAT | _OF_STYLE)
"""Arguments that are parameters of a model call wherever they stand."""
_PARAMETER_GROUPS = ("params", "parameters", "config", "options", "model_kwargs", "invocation_params")
_ANSWERS = ("usage_metadata", "response_metadata", "llm_output", "response", "output", "result", "message")
_INPUT_TOKENS = ("prompt_tokens", "input_tokens")
_OUTPUT_TOKENS = ("completion_tokens", "output_tokens")
_TOTAL_TOKENS = ("total_tokens", "tokens_used", "tokens")
_DOCUMENTS = ("documents", "docs", "results", "matches", "chunks", "retrieved", "source_documents", "nodes")
_RERANKED = ("reranked", "reranked_documents", "rerank")
_SCORES = ("score", "similarity", "similarity_score", "relevance_score", "rerank_score")
_CANONICAL = {"confidence": "confidence_score", "tokens_used": "total_tokens"}
"""Names under which the documents' callers write and the documents' readers read."""
REAL = (int, float, bool, Decimal, Fraction)
_RESERVED = frozenset(("execution_time", "cost"))
MAX_METRICS = 60


@dataclass(frozen=True, slots=True)
class CallFigures:
    """The extracted figures. ``usage`` has input_tokens, output_tokens, total_tokens, and cached_tokens where they are known."""

    model: str | None = None
    metrics: dict[str, float] = field(default_factory=dict)
    params: dict[str, str] = field(default_factory=dict)
    usage: dict[str, int] = field(default_factory=dict)
    images: int = 0
    cost: float | None = None


def facts_of(kind: OperationKind, inputs: Any, outputs: Any, notes: Mapping[str, Any]) -> CallFigures:
    """Return the facts of one operation; ``notes`` (what the code said of itself) win over what is found."""
    answers = [notes, *_answers(outputs)]
    usage = _usage(answers)
    params = _params(inputs, notes)
    model = _first(answers, ("model", "model_name", "model_id"), str) or params.get("model")
    metrics = _metrics(kind, outputs, notes)
    metrics |= {name: float(count) for name, count in _token_metrics(usage).items()}
    if kind is OperationKind.RAG or any(key in notes for key in (*_DOCUMENTS, *_RERANKED)):
        metrics |= _retrieval(outputs, notes)
    return CallFigures(
        model, metrics, params | ({"model": model} if model else {}), usage, _images(kind, inputs, outputs), _cost(answers)
    )


def numbers_in(values: Mapping[str, Any]) -> dict[str, float]:
    """The finite numbers (and truth values as 0 and 1) of a mapping, under names that MLflow takes.

    >>> numbers_in({"valid": True, "score": 0.95, "who": "x"})
    {'valid': 1.0, 'score': 0.95}
    """
    numbers = ((metric_name(str(key)), number(value)) for key, value in values.items())
    return dict(islice(((key, value) for key, value in numbers if value is not None), MAX_METRICS))


def number(value: Any) -> float | None:
    """``value`` as a finite float, or None: every real number, those of numpy and torch too."""
    value = scalar_in(value)
    if type(value) not in REAL:
        return None
    try:
        return float(value) if isfinite(value) else None
    except (OverflowError, ValueError):
        return None


def canonical(metrics: Mapping[str, float]) -> dict[str, float]:
    """Metrics under their own names and, where the readers know another, under that too.

    >>> canonical({"confidence": 0.9})
    {'confidence': 0.9, 'confidence_score': 0.9}
    """
    return dict(metrics) | {_CANONICAL[key]: value for key, value in metrics.items() if key in _CANONICAL}


def documents_in(outputs: Any, names: tuple[str, ...] = _DOCUMENTS) -> list[Any]:
    """Return the list of documents of a retrieval's result: the result itself or one of its parts."""
    if isinstance(outputs, list):
        return outputs if names is _DOCUMENTS else []
    if isinstance(outputs, dict):
        return next((outputs[name] for name in names if isinstance(outputs.get(name), list)), [])
    return []


def _answers(outputs: Any, depth: int = 3) -> Iterator[Mapping[str, Any]]:
    """Yield the mappings in which a result may speak of itself: streams from their end, then its known parts."""
    if isinstance(outputs, list):
        for item in list(reversed(outputs))[:3]:
            if isinstance(item, dict) and depth:
                yield from _answers(item, depth - 1)
    if isinstance(outputs, dict):
        yield outputs
        for name in _ANSWERS:
            if depth and isinstance(outputs.get(name), (dict, list)):
                yield from _answers(outputs[name], depth - 1)


def _first(answers: list[Mapping[str, Any]], names: tuple[str, ...], kind: type) -> Any:
    for answer in answers:
        for name in names:
            if isinstance(answer.get(name), kind) and answer[name]:
                return answer[name]
    return None


def _usage(answers: list[Mapping[str, Any]]) -> dict[str, int]:
    for answer in answers:
        for part in (answer.get("usage"), answer.get("token_usage"), answer):
            if isinstance(part, Mapping) and (usage := _counts(part)):
                return usage
    return {}


def _counts(part: Mapping[str, Any]) -> dict[str, int]:
    given, made, total = _count(part, _INPUT_TOKENS), _count(part, _OUTPUT_TOKENS), _count(part, _TOTAL_TOKENS)
    if given is None and made is None:
        return {} if total is None else {"total_tokens": total}
    beside = _count(part, ("cache_read_input_tokens",)) or 0
    details = part.get("prompt_tokens_details") or part.get("input_token_details") or {}
    inside = (_count(details, ("cached_tokens", "cache_read")) or 0) if isinstance(details, dict) else 0
    read = (given or 0) + beside
    whole = total if total is not None and not beside else read + (made or 0)
    counts = {"input_tokens": read, "output_tokens": made or 0, "total_tokens": whole}
    return counts | ({"cached_tokens": beside + inside} if beside + inside else {})


def _count(part: Mapping[str, Any], names: tuple[str, ...]) -> int | None:
    found = (part[name] for name in names if type(part.get(name)) is int and part[name] >= 0)
    return next(found, None)


def _token_metrics(usage: Mapping[str, int]) -> dict[str, int]:
    names = {"input_tokens": "prompt_tokens", "output_tokens": "completion_tokens"}
    return {names.get(key, key): count for key, count in usage.items()}


def _params(inputs: Any, notes: Mapping[str, Any]) -> dict[str, str]:
    sources: list[Mapping[str, Any]] = [inputs] if isinstance(inputs, dict) else []
    sources += [part for source in sources for name in _PARAMETER_GROUPS if isinstance(part := source.get(name), dict)]
    found = {
        k: v for source in sources for k, v in source.items() if k in PARAMETERS and v is not None and not isinstance(v, dict)
    }
    noted = notes.get("params")
    return {metric_name(key): str(value) for key, value in {**found, **(noted if isinstance(noted, Mapping) else {})}.items()}


def _metrics(kind: OperationKind, outputs: Any, notes: Mapping[str, Any]) -> dict[str, float]:
    every = kind in (OperationKind.CUSTOM, OperationKind.AGENT, OperationKind.CHAIN, OperationKind.TOOL)
    found = numbers_in(outputs) if isinstance(outputs, dict) else {}
    if not every:
        found = {key: found[key] for key in ("confidence", "confidence_score", "accuracy", "score") if key in found}
    noted = notes.get("metrics")
    said = numbers_in(noted) if isinstance(noted, Mapping) else {}
    own = numbers_in({key: notes[key] for key in ("confidence", "confidence_score", "accuracy") if key in notes})
    return {key: value for key, value in canonical(found | own | said).items() if key not in _RESERVED and key != MORE}


def _retrieval(outputs: Any, notes: Mapping[str, Any]) -> dict[str, float]:
    noted = dict(notes)
    documents = documents_in(noted) or documents_in(outputs)
    reranked = documents_in(noted, _RERANKED) or documents_in(outputs, _RERANKED)
    metrics = {"documents_retrieved": float(length_of(documents))}
    metrics |= _spread("similarity", documents)
    return metrics | ({"documents_reranked": float(length_of(reranked))} | _spread("rerank_score", reranked) if reranked else {})


def _spread(name: str, documents: list[Any]) -> dict[str, float]:
    scores = [score for document in documents if (score := _score(document)) is not None]
    if not scores:
        return {}
    return {f"{name}_max": max(scores), f"{name}_min": min(scores), f"{name}_mean": sum(scores) / len(scores)}


def _score(document: Any) -> float | None:
    if isinstance(document, list) and len(document) == 2:
        return number(document[1])
    if not isinstance(document, dict):
        return None
    places = (document, document.get("metadata"))
    return next(
        (s for place in places if isinstance(place, dict) for n in _SCORES if (s := number(place.get(n))) is not None), None
    )


def _images(kind: OperationKind, inputs: Any, outputs: Any) -> int:
    if kind is not OperationKind.IMAGE:
        return 0
    data = outputs.get("data", outputs.get("images")) if isinstance(outputs, dict) else outputs
    if isinstance(data, list):
        return length_of(data)
    asked = inputs.get("n") if isinstance(inputs, dict) else None
    return asked if type(asked) is int and asked > 0 else 1


def _cost(answers: list[Mapping[str, Any]]) -> float | None:
    found = (number(answer.get(name)) for answer in answers for name in ("cost", "total_cost", "cost_usd"))
    return next((cost for cost in found if cost is not None and cost >= 0), None)
