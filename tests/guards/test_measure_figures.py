"""What the measure of figures reads, and how many bytes a check and an answer take in the file."""

import asyncio
from pathlib import Path

from tests.measure.figures import read, sizes

CASES, ANSWERED = 400, 40


async def test_a_start_reads_all_of_the_history_and_the_next_one_takes_it_up(tmp_path: Path) -> None:
    first = await read(CASES, tmp_path)
    again = await read(CASES, tmp_path)
    assert [(each["checks"], each["answers"]) for each in (first, again)] == [(ANSWERED, ANSWERED)] * 2


def test_checks_and_answers_take_few_bytes(tmp_path: Path) -> None:
    asyncio.run(read(CASES, tmp_path))
    (file,) = tmp_path.glob("*.sqlite")
    found = sizes(file)
    assert 40 < found["bytes_a_check"] < 70
    assert 120 < found["bytes_an_answer"] < 205
    assert found["bytes_a_check_with_pages"] > found["bytes_a_check"]
