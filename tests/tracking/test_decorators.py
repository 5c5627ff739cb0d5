"""What a decorator records."""

import asyncio
import statistics
import subprocess
import sys
import threading
import time
from typing import Any

import pytest
from ray import cloudpickle

import hitl.tracking as tracking
from hitl.tracking import process
from hitl.tracking.tracker import Tracker
from tests.tracking.conftest import MemorySink

USAGE = {"prompt_tokens": 1000, "completion_tokens": 200, "total_tokens": 1200}


def _only(tracker: Tracker, sink: MemorySink) -> Any:
    assert tracker.flush(5)
    (span,) = sink.spans
    return span


@pytest.mark.covers("004-07", "004-16", "002-05", "002-06", "002-07", "002-08", "002-16", "004-23")
def test_a_text_call_tells_model_parameters_tokens_cost_and_confidence(tracker: Tracker, sink: MemorySink) -> None:
    @tracking.track_gpt_text("pfd_conversion", "spec_generation")
    def generate(prompt: str, temperature: float = 0.2) -> dict[str, Any]:
        return {"model": "gpt-4o-2024-08-06", "usage": USAGE, "confidence": 0.9, "text": "a spec"}

    generate("write a spec")
    span = _only(tracker, sink)
    assert span.experiment == "PFD to P&ID Conversion"
    assert span.params == {"temperature": "0.2", "model": "gpt-4o-2024-08-06"}
    assert span.metrics["cost"] == pytest.approx(1000 * 2.5e-6 + 200 * 10e-6)
    assert (span.metrics["total_tokens"], span.metrics["confidence_score"]) == (1200, 0.9)
    assert 0 < span.metrics["execution_time"] < 1
    assert (span.inputs["prompt"], span.outputs["text"]) == ("write a spec", "a spec")
    assert span.tags["status"] == "success"
    assert span.tags["function"].endswith("generate")


@pytest.mark.covers("004-06")
def test_a_vision_call_knows_clients_objects_and_never_keeps_image_bytes(tracker: Tracker, sink: MemorySink) -> None:
    class Usage:
        def __init__(self) -> None:
            self.input_tokens, self.output_tokens, self.cache_read_input_tokens = 100, 50, 900

    class Answer:
        def __init__(self) -> None:
            self.model, self.usage = "claude-sonnet-4", Usage()

    tracking.track_gpt_vision("pid_verification", "diagram_analysis")(lambda image: Answer())(b"\x89PNG" * 1000)
    span = _only(tracker, sink)
    assert span.inputs == {"image": {"bytes": 4000}}
    assert span.usage == {"input_tokens": 1000, "output_tokens": 50, "total_tokens": 1050, "cached_tokens": 900}
    assert span.cost == pytest.approx((100 * 3 + 900 * 0.3 + 50 * 15) / 1e6)


@pytest.mark.covers("004-08")
def test_an_image_generation_costs_by_the_image(tracker: Tracker, sink: MemorySink) -> None:
    @tracking.track_dalle_generation("visual_generation")
    def draw(prompt: str, model: str = "dall-e-3", size: str = "1024x1024") -> dict[str, Any]:
        return {"data": [{"url": "a"}, {"url": "b"}]}

    draw("a valve")
    span = _only(tracker, sink)
    assert span.cost == pytest.approx(0.08)
    assert span.params == {"model": "dall-e-3", "size": "1024x1024"}


@pytest.mark.covers("004-09", "002-10", "002-11", "002-12", "002-13")
def test_a_retrieval_tells_query_documents_scores_reranking_and_context(tracker: Tracker, sink: MemorySink) -> None:
    @tracking.track_rag_operation("pfd_conversion", "knowledge_retrieval")
    def ask(query: str) -> list[dict[str, Any]]:
        found = [{"id": 1, "score": 0.9}, {"id": 2, "score": 0.5}]
        tracking.annotate(reranked=[{"id": 2, "score": 0.8}], context="final words")
        return found

    ask("pumps?")
    span = _only(tracker, sink)
    assert span.inputs == {"query": "pumps?"}
    assert span.metrics["documents_retrieved"] == 2
    assert span.metrics["similarity_mean"] == pytest.approx(0.7)
    assert span.metrics["rerank_score_max"] == 0.8
    assert span.outputs["context"] == "final words"


@pytest.mark.covers("004-10", "002-17")
def test_every_number_of_a_custom_result_is_a_metric(tracker: Tracker, sink: MemorySink) -> None:
    result = {"valid": True, "score": 0.95, "causal_confidence": 0.7, "gap_score": 3, "drift_magnitude": 0.1, "who": "x"}
    tracking.track_custom_operation("crs_analysis", "validation")(lambda doc: result)("text")
    span = _only(tracker, sink)
    expected = {"valid": 1.0, "score": 0.95, "causal_confidence": 0.7, "gap_score": 3.0, "drift_magnitude": 0.1}
    assert span.metrics | expected == span.metrics


@pytest.mark.covers("004-16", "004-21")
def test_a_failure_is_recorded_with_its_stack_and_stays_the_callers(tracker: Tracker, sink: MemorySink) -> None:
    error = ValueError("no such pump, password=hunter22")

    @tracking.track_custom("crs_analysis", "validation")
    def fail() -> None:
        raise error

    with pytest.raises(ValueError, match="no such pump") as caught:
        fail()
    assert caught.value is error
    span = _only(tracker, sink)
    assert (span.status, span.tags["error_type"]) == ("failure", "ValueError")
    assert "in fail" in span.tags["error_stack"]
    assert "hunter22" not in span.tags["error_stack"] + span.tags["error_message"]
    assert sink.traces[0].artifacts.keys() == {"error.txt"}


def test_nested_calls_become_one_trace_parents_first(tracker: Tracker, sink: MemorySink) -> None:
    inner = tracking.track_text("pfd_conversion", "inner")(lambda: 1)
    outer = tracking.track_custom("pfd_conversion", "outer")(lambda: inner() + inner())
    assert outer() == 2
    assert tracker.flush(5)
    (trace,) = sink.traces
    assert [span.name for span in trace.spans] == ["outer", "inner", "inner"]
    assert {span.parent_id for span in trace.spans[1:]} == {trace.spans[0].span_id}


async def test_concurrent_tasks_are_children_of_the_call_that_started_them(tracker: Tracker, sink: MemorySink) -> None:
    @tracking.track_text("f", "leaf")
    async def leaf(n: int) -> int:
        await asyncio.sleep(0)
        return n

    @tracking.track_agent("f", "root")
    async def root() -> list[int]:
        return await asyncio.gather(*(leaf(n) for n in range(5)))

    assert await root() == [0, 1, 2, 3, 4]
    assert tracker.flush(5)
    assert [len(trace.spans) for trace in sink.traces] == [6]


def test_threads_have_traces_of_their_own(tracker: Tracker, sink: MemorySink) -> None:
    call = tracking.track_text("f", "leaf")(lambda: None)
    threads = [threading.Thread(target=call) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert tracker.flush(5)
    assert len({span.trace_id for span in sink.spans}) == 8


def test_a_stream_is_recorded_whole_and_the_consumers_code_is_not_inside_it(tracker: Tracker, sink: MemorySink) -> None:
    beside = tracking.track_custom("f", "beside")(lambda: None)

    @tracking.track_text("f", "stream")
    def stream() -> Any:
        yield "to "
        yield "be"

    for _ in stream():
        beside()
    assert tracker.flush(5)
    told = next(span for span in sink.spans if span.name == "stream")
    assert (told.outputs, told.metrics["items"]) == ("to be", 2)
    assert all(span.parent_id is None for span in sink.spans)


@pytest.mark.covers("002-19")
def test_prompts_are_left_out_where_the_switch_says_so(tracker: Tracker, sink: MemorySink) -> None:
    tracking.track_text("f", "secret", log_prompts=False)(lambda prompt: {"text": "answer", "usage": USAGE})("question")
    span = _only(tracker, sink)
    assert (span.inputs, span.outputs) == (None, None)
    assert span.metrics["total_tokens"] == 1200


def test_secrets_and_personal_data_never_reach_the_sink(tracker: Tracker, sink: MemorySink) -> None:
    @tracking.track_text("f", "op", tags={"mail": "ann@example.org"})
    def call(prompt: str, api_key: str) -> str:
        return "CUST-123456 pays with 4111 1111 1111 1111 from DE89 3704 0044 0532 0130 00"

    call("Bearer abcdefghijklmnop123", api_key="plain-looking")
    text = str(_only(tracker, sink))
    for leak in (
        "ann@example",
        "abcdefghijklmnop",
        "plain-looking",
        "4111 1111",
        "DE89 3704",
        "CUST-123456",
    ):  # no number or id has a blank
        assert leak not in text


@pytest.mark.covers("004-05", "D51")
def test_a_result_logged_by_hand_is_found_under_the_readers_name(tracker: Tracker, sink: MemorySink) -> None:
    tracking.mlflow_tracker.log_experiment_result(
        feature="pfd_conversion",
        operation="spec_generation",
        params={"model": "gpt-4o", "temperature": 0.7},
        metrics={"tokens_used": 1500, "confidence": 0.95},
        tags={"version": "2.0"},
    )
    span = _only(tracker, sink)
    assert span.metrics == {"tokens_used": 1500, "total_tokens": 1500, "confidence": 0.95, "confidence_score": 0.95}
    assert (span.params["temperature"], span.tags["version"]) == ("0.7", "2.0")


@pytest.mark.covers("004-02", "D37")
def test_disabled_a_decorator_returns_the_function_itself(make_tracker: Any) -> None:
    make_tracker(switch=False)

    def bare() -> None: ...

    for decorator in (
        tracking.track_text,
        tracking.track_vision,
        tracking.track_image_generation,
        tracking.track_rag,
        tracking.track_custom,
    ):
        assert decorator("f", "op")(bare) is bare
    assert tracking.log_experiment_result("f", "op") is None


@pytest.mark.covers("004-02", "004-04", "000-09", "004-03")
def test_the_environment_switches_tracking(monkeypatch: pytest.MonkeyPatch) -> None:
    process.use(None)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://mlflow:5000")
    assert (tracking.mlflow_tracker.enabled, tracking.mlflow_tracker.tracking_uri) == (True, "http://mlflow:5000")
    monkeypatch.setenv("MLFLOW_ENABLED", "false")
    process.use(None)
    assert tracking.mlflow_tracker.enabled is False
    process.use(None)


def test_a_decorated_function_pickles_without_the_tracker(tracker: Tracker) -> None:
    fn = tracking.track_custom("f", "op")(lambda x: x + 1)
    assert cloudpickle.loads(cloudpickle.dumps(fn))(1) == 2


def test_importing_the_decorators_loads_neither_mlflow_nor_ray() -> None:
    code = "import sys, hitl.tracking; print([m for m in ('mlflow', 'ray', 'redis', 'pandas') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.covers("002-31")
def test_sixteen_threads_add_far_less_than_fifty_milliseconds_a_call(tracker: Tracker, sink: MemorySink) -> None:
    def agent(prompt: str) -> dict[str, Any]:
        time.sleep(0.002)
        return {"model": "gpt-4o", "usage": USAGE, "text": prompt}

    told, times = tracking.track_agent("f", "op")(agent), {"bare": [], "told": []}

    def work() -> None:
        for _ in range(10):
            for name, fn in (("bare", agent), ("told", told)):
                began = time.perf_counter()
                fn("a prompt " * 50)
                times[name].append(time.perf_counter() - began)

    threads = [threading.Thread(target=work) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statistics.median(times["told"]) - statistics.median(times["bare"]) < 0.050
    assert tracker.flush(10)
    assert len(sink.spans) == 160
