"""The store gives back exactly the bytes that a digest names, or refuses."""

from pathlib import Path

import pytest

from hitl.adapters.files.artifacts import ArtifactStore
from hitl.canonical import digest_of
from hitl.errors import ArtifactRejected


@pytest.fixture(params=["{}", "file://{}", "memory://{}"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> ArtifactStore:
    return ArtifactStore(request.param.format(tmp_path))


def test_bytes_come_back_under_their_own_digest(store: ArtifactStore) -> None:
    digest = store.put(b"model")
    assert digest == digest_of(b"model") == store.put(b"model")
    assert store.get(digest) == b"model"


def test_an_unknown_digest_is_refused(store: ArtifactStore) -> None:
    with pytest.raises(ArtifactRejected, match="not in the store"):
        store.get("0" * 64)


@pytest.mark.parametrize("digest", ["", "../../etc/passwd", "A" * 64, "0" * 63, "0" * 63 + "/"])
def test_a_name_that_is_no_digest_never_reaches_the_store(store: ArtifactStore, digest: str) -> None:
    with pytest.raises(ArtifactRejected, match="not a SHA-256"):
        store.get(digest)


@pytest.mark.covers("D21")
@pytest.mark.parametrize("bit", range(8))
def test_one_flipped_bit_is_refused(tmp_path: Path, bit: int) -> None:
    digest = ArtifactStore(str(tmp_path)).put(b"model")
    file = tmp_path / digest[:2] / digest
    file.write_bytes(bytes([file.read_bytes()[0] ^ 1 << bit]) + b"odel")
    with pytest.raises(ArtifactRejected, match="another digest"):
        ArtifactStore(str(tmp_path)).get(digest)


def test_nothing_but_the_blob_is_left_in_the_folder(tmp_path: Path) -> None:
    digest = ArtifactStore(str(tmp_path)).put(b"model")
    assert [file.name for file in tmp_path.rglob("*") if file.is_file()] == [digest]
