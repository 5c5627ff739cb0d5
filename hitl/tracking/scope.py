"""The current operation for each task and thread, where nested operations find their parent.

An open trace gathers its finished spans; whoever finishes the outermost one hands the whole to ``submit``. A span that
ends after its trace (a task left running) is handed over alone, under the same trace id.
"""

import random
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from contextvars import ContextVar, Token
from dataclasses import dataclass
from typing import Any

from hitl.tracking.capture import plain
from hitl.tracking.record import CANCELLED, FAILURE, SUCCESS, Failure, OperationKind, RawSpan, RawTrace

MAX_SPANS = 1_000
"""Spans of one trace: a loop inside an agent must not fill the memory. More are counted, not kept."""
MAX_STACK = 20_000

Submit = Callable[[RawTrace], object]
Join = Callable[["OpenSpan"], "Callable[[], None] | None"]
"""Makes the operation the parent of spans that another library records; what it returns undoes that. Must not fail."""

_join: Join | None = None
_current: ContextVar["OpenSpan | None"] = ContextVar("hitl_tracking_span", default=None)


@dataclass(frozen=True, slots=True)
class Operation:
    """A decorator's description of a function; pickles with it."""

    kind: OperationKind
    feature: str
    operation: str
    function: str
    names: tuple[str, ...] = ()
    notes: tuple[tuple[str, Any], ...] = ()
    tags: tuple[tuple[str, str], ...] = ()
    defaults: tuple[tuple[str, Any], ...] = ()


class _OpenTrace:
    __slots__ = ("finished", "is_open", "omitted", "submit", "trace_id")

    def __init__(self, submit: Submit) -> None:
        self.trace_id = _surrounding_trace() or f"{random.getrandbits(128):032x}"
        self.finished: list[RawSpan] = []
        self.omitted = 0
        self.is_open = True
        self.submit = submit


class OpenSpan:
    """One running operation. ``finish`` is called once, by whoever runs it."""

    __slots__ = ("_began", "_operation", "_trace", "inputs", "is_run", "notes", "parent", "span_id", "started_ns", "tags")

    def __init__(
        self, operation: Operation, submit: Submit, inputs: Any, *, parent: "OpenSpan | None", is_run: bool = True
    ) -> None:
        self._operation, self.inputs, self.parent, self.is_run = operation, inputs, parent, is_run
        self._trace: _OpenTrace = parent._trace if parent is not None else _OpenTrace(submit)
        self.span_id = f"{random.getrandbits(64) or 1:016x}"
        self.notes: dict[str, Any] = dict(operation.notes)
        self.tags: dict[str, str] = dict(operation.tags)
        self.started_ns, self._began = time.time_ns(), time.perf_counter_ns()

    @property
    def kind(self) -> OperationKind:
        """The kind of the operation."""
        return self._operation.kind

    @property
    def trace_id(self) -> str:
        """The id of the trace that this span is a part of."""
        return self._trace.trace_id

    @property
    def root(self) -> "OpenSpan":
        """The outermost operation of the trace."""
        return self if self.parent is None else self.parent.root

    @property
    def operation_name(self) -> tuple[str, str]:
        """Its feature and operation."""
        return self._operation.feature, self._operation.operation

    def enter(self) -> "Entered":
        """Make this the current operation of the running task or thread."""
        return Entered(_current.set(self), None if _join is None else _join(self))

    def succeed(self, outputs: Any) -> None:
        """End with a result (its picture)."""
        self._finish(SUCCESS, outputs, None)

    def end(self, *, is_good: bool) -> None:
        """End without a result: what is recorded by hand."""
        self._finish(SUCCESS if is_good else FAILURE, None, None)

    def fail(self, error: BaseException, outputs: Any = None) -> None:
        """End with an exception; a cancellation or a closed generator is no failure."""
        is_cancelled = type(error).__name__ in ("CancelledError", "GeneratorExit")
        failure = None if is_cancelled else Failure(type(error).__qualname__, _message(error), _stack(error))
        self._finish(CANCELLED if is_cancelled else FAILURE, outputs, failure)

    def _finish(self, status: str, outputs: Any, failure: Failure | None) -> None:
        ended = self.started_ns + time.perf_counter_ns() - self._began
        told = self._operation
        span = RawSpan(
            trace_id=self.trace_id,
            span_id=self.span_id,
            parent_id=self.parent.span_id if self.parent else None,
            kind=told.kind,
            name=told.operation,
            feature=told.feature,
            operation=told.operation,
            function=told.function,
            started_ns=self.started_ns,
            ended_ns=ended,
            status=status,
            inputs=self.inputs,
            outputs=outputs,
            notes=self.notes,
            tags=self.tags,
            failure=failure,
            is_run=self.is_run,
        )
        self._hand_over(span)

    def _hand_over(self, span: RawSpan) -> None:
        trace = self._trace
        if not trace.is_open:
            trace.submit(RawTrace((span,)))
        elif self.parent is None:
            trace.is_open = False
            trace.submit(RawTrace((*trace.finished, span), trace.omitted))
        elif len(trace.finished) < MAX_SPANS:
            trace.finished.append(span)
        else:
            trace.omitted += 1


def begin(operation: Operation, submit: Submit, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> OpenSpan:
    """Return a span for a call with these arguments, inside the current operation if there is one."""
    return OpenSpan(operation, submit, picture_call(operation, args, kwargs), parent=_current.get())


@dataclass(frozen=True, slots=True)
class Entered:
    """What ``leave`` undoes."""

    token: "Token[OpenSpan | None]"
    unjoin: Callable[[], None] | None


def leave(entered: Entered) -> None:
    """Undo ``enter``. In another context (a coroutine that the collector closes) there is nothing to undo."""
    try:
        if entered.unjoin is not None:
            entered.unjoin()
        _current.reset(entered.token)
    except ValueError:
        return


def use_join(join: Join | None) -> None:
    """Let another library's spans join the operations of this process; None: not any more."""
    global _join
    _join = join


def _surrounding_trace() -> str | None:
    """Return the id of the OpenTelemetry trace that the program is in; None outside one, or where it does not use any. Imports
    nothing."""
    otel = sys.modules.get("opentelemetry.trace")
    if otel is None:
        return None
    context = otel.get_current_span().get_span_context()
    return f"{context.trace_id:032x}" if context.is_valid else None


def current() -> OpenSpan | None:
    """Return the innermost running operation of this task or thread."""
    return _current.get()


def picture(value: Any) -> Any:
    """Return a plain picture of a value, or what kept it from being taken: another thread changing it meanwhile."""
    try:
        return plain(value)
    except RuntimeError as error:
        return {"unreadable": str(error)}


def picture_call(operation: Operation, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of a call by name, with the model parameters that stand at their defaults; not a method's own
    object."""
    names = operation.names
    named = {**dict(operation.defaults), **dict(zip(names, args, strict=False))}
    if len(args) > len(names):
        named["args"] = args[len(names) :]
    for own in ("self", "cls"):
        named.pop(own, None)
    found: dict[str, Any] = picture({**named, **kwargs})
    return found


def _message(error: BaseException) -> str:
    try:
        return str(error)[:MAX_STACK]
    except Exception:  # noqa: BLE001 - an exception whose own text fails must still leave the function as itself
        return "(no text)"


def _stack(error: BaseException) -> str:
    try:
        return "".join(traceback.format_exception(error, limit=-50))[-MAX_STACK:]
    except Exception:  # noqa: BLE001 - formatting calls the exception's own __str__
        return "(no stack)"
