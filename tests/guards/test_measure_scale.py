"""Whose processor time is whose on a cluster, what a piece of work takes, and whether clusters agree."""

import pytest

from tests.measure.processes import Taken, taken_by_process
from tests.measure.scale.phases import batch_sizes
from tests.measure.scale.roles import ROLES, Window, agreement, costs_a_piece, role_of, seconds_by_role

GATEWAY = "ray::ServeReplica:gateway:Gateway"


@pytest.mark.parametrize(
    ("kind", "actor", "role"),
    [
        (GATEWAY, "SERVE_REPLICA::gateway#Gateway#x", "gateway"),
        ("ray::ServeReplica:review:Review", "", "review ingress"),
        ("ray::ServeReplica:review:Keeper", "", "keeper"),
        ("ray::ShardActor", "review-3", "review shards"),
        ("ray::ShardActor", "control", "other shards"),
        ("proxy", "", "proxy"),
        ("store", "", "store"),
        ("raylet", "", "Ray's own"),
        ("monitor.py", "", "Ray's own"),
        ("ray::ProxyActor", "SERVE_PROXY_ACTOR-x", "Ray's own"),
        ("tests.cluster.nodes_process", "", "Ray's own"),
        ("hitl.adapters.checkers.decoding", "", "others"),
    ],
)
def test_a_process_has_the_role_of_its_kind_and_its_actor(kind: str, actor: str, role: str) -> None:
    assert role_of(kind, actor) == role
    assert role in ROLES


def test_seconds_are_summed_by_role_and_none_is_lost() -> None:
    before = {
        ("7", "1"): Taken("ray::ShardActor", 2.0),
        ("8", "1"): Taken("ray::ShardActor", 1.0),
        ("9", "1"): Taken("proxy", 4.0),
    }
    after = {
        ("7", "1"): Taken("ray::ShardActor", 2.5),
        ("8", "1"): Taken("ray::ShardActor", 1.25),
        ("9", "1"): Taken("proxy", 6.0),
        ("10", "5"): Taken("something new", 0.5),
    }
    found = seconds_by_role(taken_by_process(before, after).items(), {7: "review-0", 8: "control"})
    assert {role: each for role, each in found.items() if each} == {
        "review shards": 0.5,
        "other shards": 0.25,
        "proxy": 2.0,
        "others": 0.5,
    }


def test_what_an_idle_cluster_takes_in_as_long_a_time_is_no_cost_of_the_work() -> None:
    idle = Window({"store": 0.2, "keeper": 1.0}, lasted_s=20.0)
    load = Window({"store": 1.3, "keeper": 1.5}, lasted_s=30.0)
    assert costs_a_piece(idle, load, 1000) == {"store": 1000.0, "keeper": 0.0}


def test_no_work_has_no_cost() -> None:
    nothing = Window({"store": 0.0}, 1.0)
    with pytest.raises(ValueError, match="no piece of work"):
        costs_a_piece(nothing, nothing, 0)


def test_clusters_agree_where_no_size_is_further_than_fifteen_percent_from_the_smallest() -> None:
    rows = agreement(
        {
            1: {"gateway": 1000.0, "keeper": 400.0, "proxy": 10.0},
            2: {"gateway": 1140.0, "keeper": 300.0, "proxy": 20.0},
            4: {"gateway": 900.0, "keeper": 410.0, "proxy": 15.0},
        }
    )
    assert [(row["role"], row["furthest"], row["same"]) for row in rows] == [
        ("gateway", 0.14, "yes"),
        ("keeper", -0.25, "no"),
        ("proxy", 1.0, "too small"),
    ]


def test_cases_with_one_time_were_one_micro_batch() -> None:
    assert batch_sizes([1.5, 1.5, 2.0, 3.25, 3.25, 3.25]) == [2, 1, 3]
