"""Go on with the trace of whoever started the job: its span, and the headers of its calls."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from hitl.adapters.otel.exporting import open_tracer
from hitl.trace_context import TraceContext
from hitl.tracing import SpanKind
from training.args import Args


@dataclass(frozen=True, slots=True)
class JobTrace:
    """The trace of a job; ``context`` None: it is in none."""

    context: TraceContext | None = None

    def headers(self) -> dict[str, str]:
        """The headers of its calls to the service."""
        return self.context.headers if self.context else {}


UNTRACED = JobTrace()


@contextmanager
def traced_job(args: Args) -> Iterator[JobTrace]:
    """The block is the job. Its span is sent before the block ends; without an endpoint the trace is only handed on."""
    tracer = open_tracer(args.tracing, "training")
    if tracer is None:
        yield JobTrace(args.trace)
        return
    about = {"hitl.task": args.task, "hitl.trigger": args.trigger or ""}
    span = tracer.start(f"train {args.task}", SpanKind.CONSUMER, args.trace, about)
    error: str | None = None
    try:
        yield JobTrace(span.context)
    except BaseException as failure:
        error = type(failure).__name__
        raise
    finally:
        span.end(error)
        tracer.flush()
