"""What becomes of traces while MLflow is away, slow, or drowned."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

import hitl.tracking as tracking
from hitl.tracking import process
from hitl.tracking.buffer import DiskBuffer
from hitl.tracking.record import Trace
from hitl.tracking.settings import TrackingSettings
from hitl.tracking.tracker import Tracker
from tests.tracking.conftest import MemorySink


def _call(times: int) -> None:
    fn = tracking.track_custom("f", "op")(lambda n: {"n": n})
    for n in range(times):
        fn(n)


def _order(sink: MemorySink) -> list[float]:
    return [span.metrics["n"] for span in sink.spans]


def _until(claim: Any) -> None:
    deadline = time.monotonic() + 10
    while not claim() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert claim()


@pytest.mark.covers("000-40")
def test_away_traces_wait_on_disk_and_come_back_in_order_once(tracker: Tracker, sink: MemorySink) -> None:
    sink.is_away = True
    _call(50)
    _until(lambda: tracker.counts.buffered == 50)
    assert tracker.away_why == "told to be"
    sink.is_away = False
    _call(1)
    _until(lambda: tracker.flush(5))
    assert _order(sink) == [*range(50), 0]
    assert (tracker.counts.buffered, tracker.counts.dropped, tracker.away_why) == (0, 0, None)


def test_an_export_whose_answer_was_lost_is_repeated_without_a_second_effect(tracker: Tracker, sink: MemorySink) -> None:
    sink.fails_after_storing = 2
    _call(10)
    _until(lambda: tracker.flush(5))
    assert _order(sink) == list(range(10))


def test_a_stop_while_mlflow_is_away_leaves_the_traces_for_the_next_process(make_tracker: Any) -> None:
    first, later = MemorySink(), MemorySink()
    first.is_away = True
    tracker = make_tracker(first)
    _call(20)
    tracker.close(2)
    second = make_tracker(later)
    _call(1)
    _until(lambda: second.flush(5))
    assert _order(later) == [*range(20), 0]


def test_an_orderly_stop_loses_nothing(tracker: Tracker, sink: MemorySink) -> None:
    _call(500)
    tracker.close(10)
    assert _order(sink) == list(range(500))


def test_a_hung_sink_never_blocks_the_caller_and_its_traces_go_to_disk(make_tracker: Any) -> None:
    class Hung(MemorySink):
        def export(self, traces: Any, *, is_repeat: bool) -> None:
            time.sleep(3)

    tracker = make_tracker(Hung())
    _call(1)
    time.sleep(0.3)
    began = time.monotonic()
    _call(100)
    assert time.monotonic() - began < 0.5
    tracker.close(0.2)
    later = MemorySink()
    second = make_tracker(later)
    _call(1)
    _until(lambda: second.flush(5))
    assert set(_order(later)) == set(range(100))


def test_over_its_bound_the_queue_drops_and_counts(make_tracker: Any, sink: MemorySink) -> None:
    tracker = make_tracker(sink, queue_traces=10)
    _call(1000)
    assert tracker.flush(5)
    assert tracker.counts.dropped > 0
    assert tracker.counts.exported + tracker.counts.dropped == 1000


def test_over_its_bound_the_disk_buffer_drops_the_newest_and_counts(make_tracker: Any, sink: MemorySink) -> None:
    sink.is_away = True
    tracker = make_tracker(sink, buffer_bytes=5_000)
    _call(100)
    _until(lambda: tracker.counts.buffered + tracker.counts.dropped == 100)
    assert 0 < tracker.counts.buffered < 100
    sink.is_away = False
    _until(lambda: tracker.flush(5))
    assert _order(sink) == list(range(len(sink.traces)))


def test_a_trace_that_is_refused_does_not_hold_up_the_others(make_tracker: Any) -> None:
    from hitl.errors import SinkRefused

    class Picky(MemorySink):
        def export(self, traces: Any, *, is_repeat: bool) -> None:
            if any(span.metrics["n"] == 3 for trace in traces for span in trace.spans):
                raise SinkRefused("no threes")
            super().export(traces, is_repeat=is_repeat)

    sink = Picky()
    tracker = make_tracker(sink)
    _call(6)
    assert tracker.flush(5)
    assert _order(sink) == [0, 1, 2, 4, 5]
    assert tracker.counts.rejected == 1


def test_a_sink_that_cannot_be_opened_loses_nothing_uncounted(tmp_path: Path) -> None:
    def broken(_: TrackingSettings) -> MemorySink:
        raise RuntimeError("no such plug-in")

    tracker = Tracker(TrackingSettings(switch=True, buffer_dir=tmp_path), open_sink=broken)
    process.use(tracker)
    _call(5)
    process.use(None)
    assert tracker.flush(5)
    assert tracker.counts.rejected == 5
    tracker.close(1)


def test_an_unreadable_batch_is_set_aside_and_counted(tmp_path: Path) -> None:
    buffer = DiskBuffer(tmp_path, max_bytes=1_000_000)
    buffer.append([Trace((), {"a": "1"})])
    next(tmp_path.glob("*/*.jsonl")).write_text("{not json")
    buffer.append([Trace((), {"a": "2"})])
    assert buffer.oldest() == [Trace((), {"a": "2"})]
    assert buffer.unreadable == 1


class PickySink(MemorySink):
    """Fails on traces that have the metric ``n`` 3, in a way that nobody foresaw."""

    def export(self, traces: Sequence[Trace], *, is_repeat: bool) -> None:
        if any(trace.spans[0].metrics["n"] == 3 for trace in traces):
            raise ValueError("embedded null byte")
        super().export(traces, is_repeat=is_repeat)


def test_a_trace_that_breaks_the_sink_takes_no_others_with_it(make_tracker: Any) -> None:
    sink = PickySink()
    tracker = make_tracker(sink)
    _call(10)
    assert tracker.flush(5)
    assert _order(sink) == [0, 1, 2, 4, 5, 6, 7, 8, 9]
    assert (tracker.counts.exported, tracker.counts.rejected, tracker.counts.buffered) == (9, 1, 0)
