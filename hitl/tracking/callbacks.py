"""A callback handler for chains, graphs and agents: LangChain's public protocol, without needing LangChain.

Give it to ``config={"callbacks": [handler]}`` of anything that speaks the protocol (LangChain, LangGraph and their kin). The
outermost step is a run with a trace; model calls, tools and retrievals inside are spans of it.
"""

from collections.abc import Callable, Mapping
from typing import Any

from hitl.tracking import process
from hitl.tracking.agents import AgentSpec
from hitl.tracking.capture import fields_of
from hitl.tracking.extract import PARAMETERS, facts_of
from hitl.tracking.record import OperationKind
from hitl.tracking.scope import OpenSpan, Operation, Submit, current, picture

MAX_OPEN = 10_000
"""Steps that began and never ended: a caller that loses them must not fill the memory; the oldest are let go."""
_MODEL_NAMES = ("model", "model_name", "ls_model_name")


class MlflowCallbackHandler:
    """Records every step of one agent or chain. Thread safe as far as run ids are: one handler serves many calls.

    Never raises into the chain and changes nothing it is given. ``submit`` is for tests.
    """

    raise_error = False
    run_inline = True
    ignore_llm = ignore_chat_model = ignore_chain = ignore_agent = ignore_retriever = ignore_retry = ignore_custom_event = False

    def __init__(self, agent: AgentSpec | str = "agent", *, group: str | None = None, submit: Submit | None = None) -> None:
        self._name = agent if isinstance(agent, str) else agent.agent
        self._notes = {} if isinstance(agent, str) else agent.notes(process.active().settings.experiment_name, group)
        self._submit, self._open = submit or process.submit, dict[str, OpenSpan]()
        self._enabled = submit is not None or process.active().enabled

    def on_chain_start(self, serialized: Any, inputs: Any, *, run_id: Any, parent_run_id: Any = None, **told: Any) -> None:
        """A chain, graph or node begins."""
        kind = OperationKind.CHAIN if parent_run_id else OperationKind.AGENT
        self._begin(kind, serialized, {"inputs": inputs}, run_id, parent_run_id, told)

    def on_chat_model_start(self, serialized: Any, messages: Any, *, run_id: Any, parent_run_id: Any = None, **told: Any) -> None:
        """A chat model is called."""
        self._begin(OperationKind.CHAT, serialized, {"messages": messages}, run_id, parent_run_id, told)

    def on_llm_start(self, serialized: Any, prompts: Any, *, run_id: Any, parent_run_id: Any = None, **told: Any) -> None:
        """A text model is called."""
        self._begin(OperationKind.TEXT, serialized, {"prompts": prompts}, run_id, parent_run_id, told)

    def on_tool_start(self, serialized: Any, input_str: Any, *, run_id: Any, parent_run_id: Any = None, **told: Any) -> None:
        """A tool is called."""
        self._begin(OperationKind.TOOL, serialized, {"input": told.get("inputs") or input_str}, run_id, parent_run_id, told)

    def on_retriever_start(self, serialized: Any, query: Any, *, run_id: Any, parent_run_id: Any = None, **told: Any) -> None:
        """A retriever is asked."""
        self._begin(OperationKind.RAG, serialized, {"query": query}, run_id, parent_run_id, told)

    def on_llm_new_token(self, token: Any, *, run_id: Any, **_: Any) -> None:
        """A piece of a streamed answer: the first one is timed."""
        span = self._open.get(str(run_id))
        if span is not None:
            metrics = span.notes.setdefault("metrics", {})
            metrics["tokens_streamed"] = metrics.get("tokens_streamed", 0) + 1

    def on_chain_end(self, outputs: Any, *, run_id: Any, **_: Any) -> None:
        """A chain answers."""
        self._end(run_id, outputs)

    def on_llm_end(self, response: Any, *, run_id: Any, **_: Any) -> None:
        """A model answers."""
        self._end(run_id, _answer(response))

    def on_tool_end(self, output: Any, *, run_id: Any, **_: Any) -> None:
        """A tool answers."""
        self._end(run_id, output)

    def on_retriever_end(self, documents: Any, *, run_id: Any, **_: Any) -> None:
        """A retriever answers."""
        self._end(run_id, list(documents))

    def on_chain_error(self, error: BaseException, *, run_id: Any, **_: Any) -> None:
        """A step failed."""
        if (span := self._open.pop(str(run_id), None)) is not None:
            span.fail(error)

    on_llm_error = on_tool_error = on_retriever_error = on_chain_error

    def __getattr__(self, name: str) -> Callable[..., None]:
        """Any other event of the protocol, now or later: nothing to record."""
        if name.startswith("on_"):
            return _nothing
        raise AttributeError(name)

    def _begin(
        self, kind: OperationKind, serialized: Any, inputs: Any, run_id: Any, parent_id: Any, told: Mapping[str, Any]
    ) -> None:
        if not self._enabled:
            return
        parent = self._open.get(str(parent_id)) if parent_id else current()
        name = _name(serialized, told) or kind.value.lower()
        notes = self._notes if parent is None else {}
        said = tuple((key, picture(value)) for key, value in {**_said(told), **notes}.items() if key != "tags")
        tags = tuple((notes.get("tags") or {}).items())
        operation = Operation(kind, self._name, name, name, notes=said, tags=tags)
        self._open[str(run_id)] = OpenSpan(operation, self._submit, picture(inputs), parent=parent, is_run=parent is None)
        if len(self._open) > MAX_OPEN:
            self._open.pop(next(iter(self._open)), None)

    def _end(self, run_id: Any, outputs: Any) -> None:
        if (span := self._open.pop(str(run_id), None)) is None:
            return
        shown = picture(outputs)
        if span.parent is not None:
            _add_up(span, shown)
        span.succeed(shown)


def _add_up(span: OpenSpan, outputs: Any) -> None:
    """A run is charged for the model calls inside it: their tokens add up on the outermost step."""
    usage = facts_of(span.kind, None, outputs, {}).usage if span.kind in (OperationKind.CHAT, OperationKind.TEXT) else {}
    root = span
    while root.parent is not None:
        root = root.parent
    if usage:
        total = root.notes.setdefault("usage", {})
        total.update({key: total.get(key, 0) + count for key, count in usage.items()})


def _said(told: Mapping[str, Any]) -> dict[str, Any]:
    params = told.get("invocation_params")
    metadata = told.get("metadata")
    places = [part for part in (params, metadata) if isinstance(part, Mapping)]
    model = next((part[key] for part in places for key in _MODEL_NAMES if part.get(key)), None)
    shown = {key: value for key, value in (params or {}).items() if key in PARAMETERS} if isinstance(params, Mapping) else {}
    return {"params": shown} | ({"model": str(model)} if model else {})


def _answer(response: Any) -> Any:
    """The first generation of a model's result with its usage, whichever of the known places holds it."""
    parts = fields_of(response) or {}
    generations = parts.get("generations") or [[]]
    first = generations[0][0] if generations and generations[0] else None
    message = (fields_of(first) or {}).get("message") if first is not None else None
    told = fields_of(message) or fields_of(first) or {}
    text = told.get("content", told.get("text"))
    shown = {"text": text, "usage_metadata": told.get("usage_metadata"), "llm_output": parts.get("llm_output")}
    return {key: value for key, value in (shown | {"response_metadata": told.get("response_metadata")}).items() if value}


def _name(serialized: Any, told: Mapping[str, Any]) -> str | None:
    if told.get("name"):
        return str(told["name"])
    if not isinstance(serialized, Mapping):
        return None
    path = serialized.get("id")
    return str(serialized.get("name") or (path[-1] if path else "")) or None


def _nothing(*_: Any, **__: Any) -> None:
    return None
