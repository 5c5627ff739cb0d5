"""The simulation against what is known of queues: waits in closed form, the utilisation law, Little's law, and cases by hand."""

from dataclasses import fields, replace
from pathlib import Path

import pytest
import yaml

from tests.measure.scale_simulation.costs import US, Costs, costs_of, line_through, load_costs
from tests.measure.scale_simulation.engine import Bulk, Clock, Cores, Process, varied
from tests.measure.scale_simulation.runs import Load, shard_reviews_per_s, simulated
from tests.measure.scale_simulation.study import bound, capacities
from tests.measure.scale_simulation.world import Layout

NOTHING = Costs(**{each.name: 0.0 for each in fields(Costs)})
ALONE = Layout(1, 4, gateways=1, has_keeper=False)


class Queue:
    """Arrivals at ``rate`` before one process whose pieces take ``mean_s``."""

    def __init__(self, rate: float, mean_s: float, stages: int, cores: int = 1, seed: int = 3) -> None:
        self.clock = Clock(seed)
        self.cores = Cores(self.clock, cores)
        self.process = Process("server", self.cores)
        self.took_s: list[float] = []
        self.held_s = 0.0
        self._rate, self._mean_s, self._stages = rate, mean_s, stages
        self._held, self._since = 0, 0.0
        self._come()

    def _come(self) -> None:
        began = self.clock.now

        def done() -> None:
            self.took_s.append(self.clock.now - began)
            self._count(-1)

        if began:
            self._count(1)
            self.process.do(lambda: varied(self.clock.rng, self._mean_s, self._stages), done)
        self.clock.after(self.clock.rng.expovariate(self._rate), self._come)

    def _count(self, change: int) -> None:
        self.held_s += self._held * (self.clock.now - self._since)
        self._held, self._since = self._held + change, self.clock.now

    def run(self, seconds: float) -> "Queue":
        self.clock.run(seconds)
        return self

    @property
    def mean_s(self) -> float:
        return sum(self.took_s) / len(self.took_s)


def test_exponential_work_waits_as_in_m_m_1() -> None:
    """T = s / (1 - rho)."""
    queue = Queue(rate=70.0, mean_s=0.01, stages=1).run(900.0)
    assert queue.mean_s == pytest.approx(0.01 / 0.3, rel=0.05)


def test_work_that_is_always_the_same_waits_as_in_m_d_1() -> None:
    """T = s + rho s / (2 (1 - rho)) (Pollaczek and Khinchine)."""
    queue = Queue(rate=70.0, mean_s=0.01, stages=0).run(900.0)
    assert queue.mean_s == pytest.approx(0.01 + 0.7 * 0.01 / 0.6, rel=0.05)


def test_work_of_four_stages_waits_as_in_m_g_1() -> None:
    """T = s + rho s (1 + c^2) / (2 (1 - rho)), c^2 = 1/4."""
    queue = Queue(rate=70.0, mean_s=0.01, stages=4).run(900.0)
    assert queue.mean_s == pytest.approx(0.01 + 0.7 * 0.01 * 1.25 / 0.6, rel=0.05)


def test_a_process_is_busy_by_the_utilisation_law() -> None:
    queue = Queue(rate=60.0, mean_s=0.01, stages=4).run(500.0)
    assert queue.process.busy_s / 500.0 == pytest.approx(0.6, rel=0.03)


def test_what_is_there_is_rate_times_time_by_littles_law() -> None:
    queue = Queue(rate=60.0, mean_s=0.01, stages=1).run(500.0)
    assert queue.held_s / 500.0 == pytest.approx(len(queue.took_s) / 500.0 * queue.mean_s, rel=0.01)


def test_two_processes_share_one_core_in_turn() -> None:
    clock, ended = Clock(1), dict[str, float]()
    cores = Cores(clock, 1)
    for name in ("first", "second"):
        Process(name, cores).do(lambda: 2.0, lambda name=name: ended.update({name: clock.now}))  # type: ignore[misc]
    clock.run(10.0)
    assert ended == {"first": 2.0, "second": 4.0}


def test_what_comes_while_a_store_writes_is_written_together_after_it() -> None:
    """One append at 0 takes 1 s and an fsync of 3 s; those at 2 s and 3 s share the next."""
    clock, ended = Clock(1), list[float]()
    store = Bulk(Process("store", Cores(clock, 1)), lambda batches, cases: 1.0 * batches, then_s=3.0)
    for at in (0.0, 2.0, 3.0):
        clock.after(at, lambda: store.add(1, lambda: ended.append(clock.now)))
    clock.run(20.0)
    assert ended == [4.0, 9.0, 9.0]


def test_one_decision_takes_the_time_of_all_its_parts() -> None:
    """100 + 200 for the proxy, 300 + (400 + 300) for the gateway, 50 + 60 and an fsync of 1,000 at the store."""
    parts = {"proxy_case": 100.0, "ray_case": 200.0, "gateway_case": 600.0, "gateway_batch": 400.0}
    costs = replace(NOTHING, **parts, store_case=60.0, store_batch=50.0, fsync=1000.0)
    shown = simulated(ALONE, costs, Load(cases_per_s=1.0, seconds=50.0), stages=0)
    assert shown.p50_ms == pytest.approx(2.41)


def test_one_connection_gets_an_answer_after_the_other() -> None:
    """1 ms at the proxy and 1 ms of the sender: 500 a second, and the machine's four cores are busy for a quarter."""
    costs = replace(NOTHING, proxy_case=1000.0, load_case=1000.0, store_case=0.0)
    shown = simulated(ALONE, costs, Load(connections=1, seconds=4.0), stages=0)
    assert shown.decisions_per_s == pytest.approx(500.0, rel=0.01)
    assert shown.busy["cores"] == pytest.approx(0.25, rel=0.02)


def test_a_rate_above_the_bound_is_not_kept_up_with_and_one_below_it_is() -> None:
    costs = replace(NOTHING, gateway_case=1000.0, fsync=100.0, store_case=1.0, shard_case=1.0)
    most = bound(ALONE, costs)
    assert most == pytest.approx(1000.0, rel=0.01)
    assert simulated(ALONE, costs, Load(0.8 * most, seconds=10.0)).keeps_up(p99_ms=100.0)
    assert not simulated(ALONE, costs, Load(1.2 * most, seconds=10.0)).keeps_up(p99_ms=100.0)


def test_a_keeper_that_reads_every_case_is_full_before_the_gateways() -> None:
    costs = replace(NOTHING, gateway_case=100.0, keeper_case=500.0, store_case=10.0, shard_case=10.0)
    layout = replace(ALONE, gateways=4, has_keeper=True)
    able = capacities(layout, costs)
    assert min(able, key=lambda role: able[role]) == "keeper"
    shown = simulated(layout, costs, Load(2500.0, seconds=4.0))
    assert shown.busy["keeper"] == pytest.approx(1.0, rel=0.02)
    assert shown.behind_s == pytest.approx(4.5 * 500 / 2500, rel=0.1)
    assert not shown.keeps_up(p99_ms=1000.0)


def test_people_who_think_answer_as_many_reviews_as_their_number_over_their_time() -> None:
    """6,000 people of 36 s each: 166.7 a second, while nothing makes them wait."""
    shown = simulated(ALONE, replace(NOTHING, shard_review=100.0), Load(reviewers=6000, seconds=30.0))
    assert shown.reviews_per_s == pytest.approx(6000 / 36.0, rel=0.05)


def test_the_keeper_works_for_each_review_that_is_answered() -> None:
    costs = replace(NOTHING, shard_review=100.0, keeper_review=3000.0)
    shown = simulated(replace(ALONE, has_keeper=True), costs, Load(reviewers=6000, seconds=30.0))
    assert shown.busy["keeper"] == pytest.approx(3000.0 * US * 6000 / 36.0, rel=0.05)


def test_people_who_never_think_fill_one_shard_by_its_own_law() -> None:
    costs = replace(NOTHING, shard_review=4000.0)
    shown = simulated(ALONE, costs, Load(reviewers=50, think_s=0.0, seconds=10.0))
    assert shard_reviews_per_s(costs, 1) == pytest.approx(250.0)
    assert shown.reviews_per_s == pytest.approx(250.0, rel=0.03)
    assert shown.busy["review shard"] == pytest.approx(1.0, rel=0.01)


def test_questions_to_every_shard_bound_what_more_shards_bring() -> None:
    costs = replace(NOTHING, shard_review=4000.0, shard_ask=500.0)
    assert shard_reviews_per_s(costs, 2) == pytest.approx(1.0 / (US * (500.0 + 2000.0)))
    layout = replace(ALONE, partitions=2)
    shown = simulated(layout, costs, Load(reviewers=100, think_s=0.0, seconds=10.0))
    assert shown.reviews_per_s == pytest.approx(shard_reviews_per_s(costs, 2), rel=0.05)


def test_two_rates_tell_what_grows_from_what_does_not() -> None:
    """0.02 cores and 100 us each: at 10 a second 2,100 us each, at 100 a second 300."""
    found = line_through((10.0, 2100.0), (100.0, 300.0))
    assert [found.fixed, found.each] == pytest.approx([0.02, 100.0])
    with pytest.raises(ValueError, match="must be faster"):
        line_through((10.0, 1.0), (10.0, 1.0))


def test_the_copy_of_measured_costs_is_whole() -> None:
    costs = load_costs()
    assert all(getattr(costs, each.name) >= 0.0 for each in fields(Costs))
    assert costs.gateway_case > 0.0


def test_a_negative_cost_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "costs.yaml"
    file.write_text(yaml.safe_dump({"costs": {each.name: -1.0 if each.name == "fsync" else 1.0 for each in fields(Costs)}}))
    with pytest.raises(ValueError, match="fsync"):
        load_costs(file)


def test_costs_come_from_a_report() -> None:
    """A gateway of 200 us a case and 1,000 a micro-batch; shards that ask 100 us of each."""
    idle = dict.fromkeys(("gateway", "proxy", "store", "review shards", "review ingress", "keeper"), 1.0)
    roles = {**dict.fromkeys((*idle, "other shards", "Ray's own", "others"), 0.0)}
    clusters = {
        str(nodes): {
            "idle_core_percent": idle,
            "decisions": {"cases_per_s": 10.0, "cases_a_batch": 1.0, "us": {**roles, "gateway": 1200.0, "keeper": 600.0}},
            "fast_decisions": {
                "cases_per_s": 100.0,
                "cases_a_batch": 10.0,
                "load_us": 80.0,
                "for_people": 0.1,
                "us": {**roles, "gateway": 300.0, "keeper": 150.0, "store": 50.0},
            },
            "reviews": {"reviews_per_s": 1.0, "us": {**roles, "review shards": 3000.0, "keeper": 2000.0}},
            "fast_reviews": {
                "reviews_per_s": 10.0,
                "us": {**roles, "review shards": 3000.0 if nodes == 1 else 3000.0 + 100.0 * nodes, "keeper": 2000.0},
            },
        }
        for nodes in (1, 2, 4)
    }
    found = costs_of({"clusters": clusters, "store": {"append_batch_us": 20.0, "append_case_us": 9.0, "fsync_us": 900.0}})
    assert (found.gateway_case, found.gateway_batch) == (200.0, 1000.0)
    assert (found.keeper_case, found.keeper_review, found.fixed_keeper) == (100.0, 2000.0, 0.005)
    assert (found.shard_ask, found.fixed_node, found.load_case) == (100.0, 0.06, 80.0)
    assert found.store_case == pytest.approx(50.0 * 100 / 90 - 2.0, abs=0.1)
