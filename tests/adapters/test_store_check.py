"""A store that would lose what it acknowledged is refused in words, or started on and reported; and it has one owner."""

from pathlib import Path

import pytest
from redis import ConnectionError, Redis

from hitl.adapters.valkey.store_check import broken_promises, check_store, pin_installation
from hitl.errors import InvalidConfig, StoreUnavailable
from tests.valkey_cluster import ValkeyCluster
from tests.valkey_process import ValkeyProcess

ASK = Redis.execute_command

WEAK = {
    "appendonly": ("no", "set appendonly yes"),
    "maxmemory-policy": ("allkeys-lru", "set maxmemory-policy noeviction"),
    "appendfsync": ("everysec", "set appendfsync always"),
}


@pytest.mark.parametrize("name", WEAK)
def test_a_weak_store_is_refused_with_what_to_set(name: str, tmp_path: Path) -> None:
    value, advice = WEAK[name]
    store = ValkeyProcess(tmp_path, f"--{name} {value}")
    store.start()
    try:
        with pytest.raises(InvalidConfig, match=f"{advice}.*HITL_STORE_PROMISES=report"):
            check_store(store.url, refuse=True)
        (told,) = check_store(store.url, refuse=False)
        assert advice in told
    finally:
        store.kill()


def test_a_store_that_keeps_everything_is_taken(valkey_url: str) -> None:
    assert check_store(valkey_url, refuse=True) == []


def test_a_store_that_goes_away_meanwhile_is_not_taken(valkey_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def ask(client: Redis, *args: str, **more: object) -> object:
        if args[0] == "CONFIG GET":
            raise ConnectionError("away")
        return ASK(client, *args, **more)

    monkeypatch.setattr(Redis, "execute_command", ask)
    with pytest.raises(StoreUnavailable):
        check_store(valkey_url, refuse=True)


def test_too_old_a_store_is_named_with_its_version(valkey_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with Redis.from_url(valkey_url) as client:
        told = client.info
        old = {"server": {"redis_version": "6.2.14"}}
        monkeypatch.setattr(client, "info", lambda section: told(section) | old.get(section, {}))
        assert broken_promises(client) == ["its version is 6.2.14: take one from 7.0 on"]


def test_a_store_that_shows_no_configuration_is_judged_by_the_rest(tmp_path: Path) -> None:
    store = ValkeyProcess(tmp_path, "--rename-command CONFIG '' --maxmemory-policy volatile-ttl".replace("''", '""'))
    store.start()
    try:
        with Redis.from_url(store.url) as client:
            assert [why for why in broken_promises(client) if "noeviction" not in why] == []
            assert len(broken_promises(client)) == 1
    finally:
        store.kill()


def test_one_weak_node_of_a_cluster_is_found(tmp_path: Path) -> None:
    cluster = ValkeyCluster(tmp_path)
    cluster.start()
    try:
        assert check_store(cluster.url, refuse=True) == []
        cluster.client(1).config_set("appendfsync", "no")
        with pytest.raises(InvalidConfig, match="appendfsync always"):
            check_store(cluster.url, refuse=True)
    finally:
        cluster.kill()


def test_a_store_that_is_away_stops_the_start() -> None:
    with pytest.raises(StoreUnavailable):
        check_store("redis://127.0.0.1:1/0", refuse=False)


def test_another_installation_is_refused_in_words_and_changes_nothing(valkey_url: str) -> None:
    for _ in range(2):
        pin_installation(valkey_url, "north")
    with pytest.raises(InvalidConfig, match=r"belongs to the installation 'north', and this one is 'south'.*store of its own"):
        pin_installation(valkey_url, "south")
    pin_installation(valkey_url, "north")
