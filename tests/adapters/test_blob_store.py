"""The store of files that come with cases, in a folder and on an object store."""

import errno
import os
from pathlib import Path
from secrets import token_bytes, token_hex
from typing import Any

import pytest

from hitl.adapters.files.blob_store import BlobStore
from hitl.blobs.names import BlobName, new_name
from hitl.errors import StorageFull, StoreUnavailable

AT = 1_700_000_000.0
CASE, OTHER = "a" * 26, "b" * 26


@pytest.fixture(params=["folder", "object store"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> BlobStore:
    return BlobStore(str(tmp_path) if request.param == "folder" else f"memory://{token_hex(8)}/blobs")


def put(store: BlobStore) -> BlobName:
    name = new_name(AT, token_bytes)
    store.put(name, b"sealed")
    return name


def test_what_was_put_is_read_until_it_is_removed(store: BlobStore) -> None:
    name = put(store)
    assert (store.get(name), store.days(), store.names("2023-11-14")) == (b"sealed", ["2023-11-14"], [name])
    store.remove(name)
    assert (store.get(name), store.names("2023-11-14")) == (None, [])


def test_a_case_claims_what_is_there_as_often_as_it_likes(store: BlobStore) -> None:
    name = put(store)
    assert [store.claim(name, CASE), store.claim(name, CASE), store.claim(name, CASE, may_be_new=False)] == [True] * 3
    assert store.claim(name, OTHER, may_be_new=False) is False
    assert store.cases(name) == [CASE]


def test_nothing_is_noted_for_what_is_gone(store: BlobStore) -> None:
    name = new_name(AT, token_bytes)
    assert store.claim(name, CASE) is False
    assert (store.names("2023-11-14"), store.release(name, CASE)) == ([], False)


def test_the_last_case_takes_the_bytes_along(store: BlobStore) -> None:
    name = put(store)
    store.claim(name, CASE)
    store.claim(name, OTHER)
    assert (store.release(name, CASE), store.get(name)) == (True, b"sealed")
    assert (store.release(name, OTHER), store.get(name), store.names("2023-11-14")) == (True, None, [])


def test_a_release_that_a_crash_left_half_done_is_done_again(store: BlobStore) -> None:
    name = put(store)
    store.claim(name, CASE)
    store._blobs.remove(f"2023-11-14/{name.text}/bytes")
    assert (store.release(name, CASE), store.names("2023-11-14")) == (True, [])


def test_a_swept_day_is_remembered_while_something_is_in_it(store: BlobStore) -> None:
    name = put(store)
    store.note_swept("2023-11-14")
    assert (store.is_swept("2023-11-14"), store.names("2023-11-14")) == (True, [name])


@pytest.mark.parametrize(
    ("code", "kind"), [(errno.ENOSPC, StorageFull), (errno.EDQUOT, StorageFull), (errno.EIO, StoreUnavailable)]
)
def test_a_full_disk_is_told_apart_and_leaves_no_half(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, kind: type[Exception]
) -> None:
    def fails(*_: Any) -> None:
        raise OSError(code, "no")

    monkeypatch.setattr(os, "fsync", fails)
    with pytest.raises(kind):
        put(BlobStore(str(tmp_path)))
    assert [each for each in tmp_path.rglob("*") if each.is_file()] == []
