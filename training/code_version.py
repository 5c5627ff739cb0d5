"""The version of the code that trained a model: the package's version and a digest of the deciding sources."""

from pathlib import Path

import hitl
from hitl.canonical import digest_of, fingerprint

SOURCES = ("hitl/inference", "hitl/learning", "hitl/tasks", "training")


def code_version() -> dict[str, str]:
    """Works without git: a job's working directory is a copy."""
    root = Path(hitl.__file__).parent.parent
    files = sorted(file for folder in SOURCES for file in (root / folder).glob("*.py"))
    digests = {file.relative_to(root).as_posix(): digest_of(file.read_bytes()) for file in files}
    return {"version": hitl.__version__, "sources": fingerprint(digests)}
