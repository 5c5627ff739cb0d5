"""Archived cases as Parquet files: searchable by any reader, with the exact bytes that the gateways' chains cover."""

from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any

import orjson

from hitl.errors import ChainBroken
from hitl.intake.chains import Link

if TYPE_CHECKING:
    import pyarrow as pa

SUFFIX = ".parquet"
ROWS = 1000
"""Rows of a group: one case is read without the others."""

SHOWN = ("case_id", "client", "action", "reason", "prediction", "confidence", "model_version", "policy_version")


def packed(links: Sequence[Link]) -> bytes:
    """Return one row a case: ``seq``, ``at`` (UTC, microseconds) and the fields of SHOWN, which repeat what stands in the record
    for people's queries; ``body``, the record as it was chained; ``payload``, the input as it is stored; and ``gateway``,
    ``counter`` and ``hash``, the case's place in its gateway's chain."""
    import pyarrow.parquet as pq  # only who moves or reads old cases needs it

    file = BytesIO()
    schema = _table(links[:0]).schema
    with pq.ParquetWriter(file, schema, compression="zstd", write_page_checksum=True) as writer:
        for first in range(0, len(links), ROWS):  # a group at a time: that is all that is held beside the cases themselves
            writer.write_table(_table(links[first : first + ROWS]))
    return file.getvalue()


def _table(links: Sequence[Link]) -> "pa.Table":
    import pyarrow as pa  # as above

    records = [orjson.loads(link.body) for link in links]
    columns: dict[str, Any] = {
        "seq": pa.array([link.seq for link in links], pa.int64()),
        "at": pa.array([round(record["at"] * 1e6) for record in records], pa.timestamp("us", "UTC")),
    }
    for name in SHOWN:
        kind = pa.float64() if name == "confidence" else pa.string()
        columns[name] = pa.array([record[name] for record in records], kind)
    columns |= {
        "body": pa.array([link.body for link in links], pa.binary()).cast(pa.string()),
        "payload": pa.array([link.payload for link in links], pa.binary()),
        "gateway": pa.array([link.gateway for link in links], pa.string()),
        "counter": pa.array([link.counter for link in links], pa.int64()),
        "hash": pa.array([link.hash for link in links], pa.string()),
    }
    return pa.table(columns)


def unpacked(partition: str, first: int, data: bytes, only: int | None = None) -> list[Link]:
    """Return the cases in ``data``, in order, or that at position ``only``, if it is there. Raises ChainBroken at ``first`` for
    what is no such file."""
    import pyarrow as pa  # as above
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(pa.BufferReader(data), page_checksum_verification=True)
        groups = list(range(file.num_row_groups)) if only is None else _groups_with(file, only)
        table = file.read_row_groups(groups, columns=["seq", "gateway", "counter", "body", "hash", "payload"])
        rows = [
            table["seq"],
            table["gateway"],
            table["counter"],
            table["body"].cast(pa.binary()),
            table["hash"],
            table["payload"],
        ]
        links = [Link(*row) for row in zip(*(column.to_pylist() for column in rows), strict=True)]
    except (OSError, KeyError, UnicodeDecodeError, pa.ArrowException) as error:
        raise ChainBroken(partition, first) from error
    return links if only is None else [link for link in links if link.seq == only]


def ids_of(data: bytes) -> list[tuple[str, int]]:
    """Return the id and the position of every case in ``data``, which was proved before."""
    import pyarrow as pa  # as above
    import pyarrow.parquet as pq

    table = pq.read_table(pa.BufferReader(data), columns=["case_id", "seq"])
    return list(zip(table["case_id"].to_pylist(), table["seq"].to_pylist(), strict=True))


def _groups_with(file: Any, seq: int) -> list[int]:
    column = file.schema_arrow.get_field_index("seq")
    bounds = [file.metadata.row_group(group).column(column).statistics for group in range(file.num_row_groups)]
    return [group for group, each in enumerate(bounds) if each is None or each.min <= seq <= each.max]
