"""Journal entries as Parquet files: searchable by any reader, with the exact bytes that the hash chain covers."""

from collections.abc import Sequence
from io import BytesIO

from hitl.errors import ChainBroken
from hitl.journal.entry import Commit, Entry

SUFFIX = ".parquet"


def packed(entries: Sequence[Entry]) -> bytes:
    """Return one row an entry: ``seq``, ``hash``, ``at`` (UTC, microseconds), ``by``, ``command``, ``body``, its canonical JSON,
    and ``signature``, which is empty but at the end of a batch. ``at``, ``by`` and ``command`` are for people's queries, and
    repeat what stands in the body. Raises ValueError for a body that is no commit."""
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
        "signature": pa.array([entry.signature for entry in entries], pa.string()),
    }
    file = BytesIO()
    pq.write_table(pa.table(columns), file, compression="zstd", write_page_checksum=True)
    return file.getvalue()


def unpacked(shard: str, first: int, data: bytes) -> list[Entry]:
    """Return the entries in ``data``, of which ``first`` is the first; older files have no signatures. Raises ChainBroken for
    what is no such file, and for a page whose checksum is wrong."""
    import pyarrow as pa  # as above
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(pa.BufferReader(data), page_checksum_verification=True)
        table = file.read()  # all columns: a changed byte in one that only people query is found too
        bodies = table["body"].cast(pa.binary()).to_pylist()
        sequence, hashes = table["seq"].to_pylist(), table["hash"].to_pylist()
    except (OSError, KeyError, UnicodeDecodeError, pa.ArrowException) as error:
        raise ChainBroken(shard, first) from error
    signatures = table["signature"].to_pylist() if "signature" in table.column_names else [""] * len(bodies)
    return [Entry(*row) for row in zip(sequence, bodies, hashes, signatures, strict=True)]
