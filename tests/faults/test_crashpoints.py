"""Crash points: all of them known, harmless while nothing is armed; and a promotion's alias finds its way after each."""

import re
from pathlib import Path
from typing import Any

import pytest

from hitl.crashpoints import ARMED, crashpoint
from hitl.serving.views import PointerView
from serve_app.reconcilers.champion import ChampionAlias
from tests.adapters.test_archived_keys import POINTS as OF_KEYS
from tests.adapters.test_case_archiver import POINTS as OF_THE_ARCHIVE
from tests.adapters.test_partitions import POINTS as OF_PARTITIONS
from tests.adapters.test_retention import POINTS as OF_DELETIONS
from tests.adapters.test_settled_mover import OF_FILES as OF_DELETED_REVIEWS

SOURCE = [path for folder in ("hitl", "serve_app") for path in Path(folder).rglob("*.py")]
POINTS = sorted({name for path in SOURCE for name in re.findall(r'crashpoint\("([^"]+)"\)', path.read_text())})
OF_THE_ALIAS = ["promotion.after_alias", "promotion.before_alias"]
ELSEWHERE = {*OF_THE_ALIAS, *OF_THE_ARCHIVE, *OF_DELETIONS, *OF_DELETED_REVIEWS, *OF_KEYS, *OF_PARTITIONS}
"""Those that tests of their own arm: the nodes of the fault runs have neither a registry nor an archive of cases, nor do they
delete old ones; and they are started on a store that is there."""

IN_A_NODE = [point for point in POINTS if point not in ELSEWHERE]


class Registry:
    """A hitl registry of one alias."""

    champion: str | None = None

    def current_champion(self, task: str) -> str | None:
        return self.champion

    def set_champion(self, task: str, digest: str) -> str:
        self.champion = digest
        return "1"


class Pointing:
    """Shards that say what serves."""

    async def ask(self, shard: str, question: Any) -> dict[str, PointerView]:
        return {"digits": PointerView(1, [("d" * 64, 1.0)])}


class Crash(Exception):
    pass


def _crash() -> None:
    raise Crash


def test_nothing_is_armed() -> None:
    assert ARMED == {}
    crashpoint("anything")
    assert set(POINTS) > ELSEWHERE


@pytest.mark.parametrize("point", OF_THE_ALIAS)
async def test_the_alias_follows_after_a_crash(monkeypatch: pytest.MonkeyPatch, point: str) -> None:
    registry = Registry()
    alias = ChampionAlias(Pointing(), registry)  # type: ignore[arg-type]
    monkeypatch.setitem(ARMED, point, _crash)
    with pytest.raises(Crash):
        await alias.once()
    monkeypatch.delitem(ARMED, point)
    await alias.once()
    assert (registry.champion, alias.behind) == ("d" * 64, 0)
