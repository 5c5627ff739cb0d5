"""Archived cases as Parquet files, and what they leave in the memory of who writes them."""

import os
import subprocess
import sys
from io import BytesIO

import pyarrow.parquet as pq
import pytest

from hitl.adapters.files.case_files import ROWS, packed, unpacked
from hitl.intake.chains import Link
from tests.contracts.intake_contract import record
from tests.running import ROOT


def links(count: int) -> list[Link]:
    return [Link(seq, "g", seq, record(f"c{seq}").encode(), f"h{seq}", b"{}") for seq in range(1, count + 1)]


@pytest.mark.parametrize("count", [1, ROWS, 2 * ROWS + 1])
def test_what_is_written_is_read(count: int) -> None:
    written = links(count)
    assert unpacked("intake-0", 1, packed(written)) == written
    assert unpacked("intake-0", 1, packed(written), count) == written[-1:]


def test_a_case_is_read_with_a_group_of_others_and_not_with_all() -> None:
    file = pq.ParquetFile(BytesIO(packed(links(2 * ROWS + 1))))
    assert [file.metadata.row_group(number).num_rows for number in range(file.num_row_groups)] == [ROWS, ROWS, 1]


ACTOR = """
import asyncio
from hitl.adapters.ray.shard_actor import ShardActor
from hitl.adapters.ray.shard_spec import review_spec

async def main():
    ShardActor([review_spec("redis://127.0.0.1:1/0", 0, {}, 60.0)])
    import pyarrow
    print(pyarrow.default_memory_pool().backend_name)

asyncio.run(main())
"""


def test_a_shards_actor_gives_back_what_it_took_for_a_file() -> None:
    """Arrow's own pool keeps it, and is there for good once something has imported Arrow before."""
    anew = {name: value for name, value in os.environ.items() if name != "ARROW_DEFAULT_MEMORY_POOL"}
    told = subprocess.run([sys.executable, "-c", ACTOR], cwd=ROOT, env=anew, capture_output=True, text=True, check=True)
    assert told.stdout.splitlines()[-1] == "system"
