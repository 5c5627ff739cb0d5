"""``hitl backup`` and ``hitl restore`` between data directories, with the embedded store."""

from contextlib import contextmanager
from pathlib import Path

import pytest

from hitl.cli.commands import accounts
from hitl.cli.commands.backups import _running_store, backup, restore_backup
from hitl.cli.local.place import place_of
from hitl.errors import InvalidInput
from hitl.identity import Role
from hitl.settings import Settings


def test_a_backup_goes_into_a_fresh_data_directory_once(valkey_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HITL_DATA_DIR", str(tmp_path / "old"))
    monkeypatch.setenv("HITL_REDIS_URL", valkey_url)
    accounts.issue_all(valkey_url, {"ann": [Role.CLIENT]}, [])
    backup(tmp_path / "copy")
    monkeypatch.setenv("HITL_DATA_DIR", str(tmp_path / "new"))
    monkeypatch.setenv("HITL_REDIS_URL", "")
    restore_backup(tmp_path / "copy", "the disk is gone")
    with contextmanager(_running_store)(place_of(tmp_path / "new"), Settings()) as url:
        assert [record.principal.id for record in accounts.list_keys(url)] == ["ann"]
    with pytest.raises(InvalidInput):
        restore_backup(tmp_path / "copy", "again")
