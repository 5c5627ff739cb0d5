"""Journal entries as Parquet files: searchable by any reader, with the exact bytes that the hash chain covers."""

from collections.abc import Sequence
from io import BytesIO

from hitl.errors import ChainBroken
from hitl.journal.entry import Commit, Entry

SUFFIX = ".parquet"
READ_BACK = ["seq", "hash", "body"]
"""The others are for people's queries, and repeat what stands in the body."""


def packed(entries: Sequence[Entry]) -> bytes:
    """One row an entry: ``seq``, ``hash``, ``at`` (UTC, microseconds), ``by``, ``command`` and ``body``, its canonical JSON.
    Raises ValueError for a body that is no commit."""
    import pyarrow as pa  # only who moves or reads old entries needs it
    import pyarrow.parquet as pq

    commits = [Commit.decode(entry.body) for entry in entries]
    columns = {
        "seq": pa.array([entry.seq for entry in entries], pa.int64()),
        "hash": pa.array([entry.hash for entry in entries], pa.string()),
        "at": pa.array([round(commit.at * 1e6) for commit in commits], pa.timestamp("us", "UTC")),
        "by": pa.array([commit.by for commit in commits], pa.string()).dictionary_encode(),
        "command": pa.array([commit.command for commit in commits], pa.string()).dictionary_encode(),
        "body": pa.array([entry.body for entry in entries], pa.binary()).cast(pa.string()),
    }
    file = BytesIO()
    pq.write_table(pa.table(columns), file, compression="zstd", write_page_checksum=True)
    return file.getvalue()


def unpacked(shard: str, first: int, data: bytes) -> list[Entry]:
    """The entries in ``data``, of which ``first`` is the first. Raises ChainBroken for what is no such file."""
    import pyarrow as pa  # as above
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(pa.BufferReader(data), columns=READ_BACK, page_checksum_verification=True)
        bodies = table["body"].cast(pa.binary()).to_pylist()
    except (OSError, pa.ArrowException) as error:
        raise ChainBroken(shard, first) from error
    rows = zip(table["seq"].to_pylist(), bodies, table["hash"].to_pylist(), strict=True)
    return [Entry(seq, body, head) for seq, body, head in rows]
