"""Back up and restore the embedded MLflow: its sqlite database and its artifacts, in one file, while it runs."""

import io
import json
import shutil
import sqlite3
import tarfile
import tempfile
import time
from contextlib import closing
from pathlib import Path

from hitl.errors import InvalidInput

DATABASE, ARTIFACTS, MANIFEST = "mlflow.db", "artifacts", "manifest.json"


def backup(database: Path, artifacts: Path, target: Path) -> dict[str, int | str]:
    """Write ``target`` (tar, gzip) and return its manifest. The server may run: sqlite copies a consistent state; an
    artifact written meanwhile may be in the file without its run, never a run without what it had before."""
    if not database.exists():
        raise InvalidInput("/database", f"an existing sqlite file, not {database}")
    with tempfile.TemporaryDirectory(dir=target.parent) as aside:
        copy = Path(aside) / DATABASE
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as source, closing(sqlite3.connect(copy)) as kept:
            source.backup(kept)
            manifest = _manifest(kept)
        part = target.with_suffix(target.suffix + ".part")
        with tarfile.open(part, "w:gz") as tar:
            _add_text(tar, MANIFEST, json.dumps(manifest))
            tar.add(copy, DATABASE)
            if artifacts.exists():
                tar.add(artifacts, ARTIFACTS)
        part.replace(target)
    return manifest


def restore(source: Path, database: Path, artifacts: Path, *, replace: bool = False) -> dict[str, int | str]:
    """Put a backup back and return its manifest. The server must be stopped. Raises InvalidInput where something is there
    already and ``replace`` is not given, and for a file that is no backup."""
    there = [place for place in (database, artifacts) if place.exists() and (place.is_file() or any(place.iterdir()))]
    if there and not replace:
        raise InvalidInput("/target", f"an empty place, or replace: {there[0]} exists")
    with tempfile.TemporaryDirectory(dir=database.parent) as aside:
        _extract(source, Path(aside))
        manifest: dict[str, int | str] = json.loads((Path(aside) / MANIFEST).read_text())
        _swap(Path(aside) / DATABASE, database)
        for rest in ("-wal", "-shm"):
            database.with_name(database.name + rest).unlink(missing_ok=True)
        if (Path(aside) / ARTIFACTS).exists():
            _swap(Path(aside) / ARTIFACTS, artifacts)
    return manifest


def _extract(source: Path, into: Path) -> None:
    try:
        with tarfile.open(source, "r:gz") as tar:
            tar.extractall(into, filter="data")
    except (tarfile.TarError, OSError, EOFError) as error:
        raise InvalidInput("/source", f"a backup file: {error}") from error
    if not (into / MANIFEST).exists() or not (into / DATABASE).exists():
        raise InvalidInput("/source", "a backup file with a manifest and a database")


def _swap(new: Path, place: Path) -> None:
    """The old one stands beside it as ``.before-restore`` until the next restore."""
    old = place.with_name(place.name + ".before-restore")
    if place.exists():
        if old.exists():
            _remove(old)
        place.rename(old)
    place.parent.mkdir(parents=True, exist_ok=True)
    new.rename(place)


def _remove(place: Path) -> None:
    shutil.rmtree(place) if place.is_dir() else place.unlink()


def _manifest(database: sqlite3.Connection) -> dict[str, int | str]:
    counts = {table: database.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("experiments", "runs")}
    made = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    return {"made": made, **counts, "integrity": database.execute("PRAGMA integrity_check").fetchone()[0]}


def _add_text(tar: tarfile.TarFile, name: str, text: str) -> None:
    info = tarfile.TarInfo(name)
    info.size = len(text.encode())
    tar.addfile(info, io.BytesIO(text.encode()))
