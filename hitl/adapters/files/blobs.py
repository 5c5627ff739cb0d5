"""Named files in a directory or on any fsspec file system. Calls block; use a thread in asyncio."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

import fsspec


class Blobs(Protocol):
    """``write`` is atomic and durable: a reader sees all of the bytes or none; ``read`` raises FileNotFoundError or another
    OSError; ``names`` are those directly under ``folder``, in order; ``remove`` of what is not there changes nothing."""

    def write(self, place: str, data: bytes) -> None: ...

    def read(self, place: str) -> bytes: ...

    def names(self, folder: str) -> list[str]: ...

    def remove(self, place: str) -> None: ...

    def remove_folder(self, folder: str) -> None:
        """Remove ``folder`` and all files in it; one that is not there changes nothing."""


def open_blobs(uri: str) -> Blobs:
    """``uri`` is a path, ``file://…`` or an fsspec URI (``s3://bucket/prefix``)."""
    if "://" in uri and not uri.startswith("file://"):
        return _Remote(*fsspec.core.url_to_fs(uri))
    return _Folder(uri)


class _Folder:
    def __init__(self, uri: str) -> None:
        self._root = Path(uri.removeprefix("file://"))

    def write(self, place: str, data: bytes) -> None:
        target = self._root / place
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, target)
        except OSError:  # a full disk must not fill further with halves
            Path(temporary).unlink(missing_ok=True)
            raise
        _sync_directory(target.parent)

    def read(self, place: str) -> bytes:
        return (self._root / place).read_bytes()

    def names(self, folder: str) -> list[str]:
        place = self._root / folder
        return sorted(each.name for each in place.iterdir() if each.name[0] != ".") if place.exists() else []

    def remove(self, place: str) -> None:
        (self._root / place).unlink(missing_ok=True)

    def remove_folder(self, folder: str) -> None:
        with suppress(FileNotFoundError):
            shutil.rmtree(self._root / folder)


@contextmanager
def _file_errors() -> Iterator[None]:
    """Turn what an object store's library raises, for instance where nobody listens, into the OSError that callers know."""
    try:
        yield
    except OSError:
        raise
    except Exception as error:
        raise OSError(f"{type(error).__name__}: {error}") from error


class _Remote:
    def __init__(self, files: Any, root: str) -> None:
        self._files, self._root = files, root.rstrip("/")

    def write(self, place: str, data: bytes) -> None:
        with _file_errors():
            self._files.pipe_file(f"{self._root}/{place}", data)

    def read(self, place: str) -> bytes:
        with _file_errors():
            return bytes(self._files.cat_file(f"{self._root}/{place}"))

    def names(self, folder: str) -> list[str]:
        self._files.invalidate_cache()
        try:
            with _file_errors():
                found = self._files.ls(f"{self._root}/{folder}", detail=False)
        except FileNotFoundError:
            return []
        return sorted(str(each).rstrip("/").rsplit("/", 1)[-1] for each in found)

    def remove(self, place: str) -> None:
        with _file_errors():
            if self._files.exists(f"{self._root}/{place}"):
                self._files.rm_file(f"{self._root}/{place}")

    def remove_folder(self, folder: str) -> None:
        self._files.invalidate_cache()
        with suppress(FileNotFoundError), _file_errors():
            self._files.rm(f"{self._root}/{folder}", recursive=True)


def _sync_directory(path: Path) -> None:
    """A renamed file survives a power failure only when its directory was synced too."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
