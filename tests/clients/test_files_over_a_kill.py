"""Cases in files over a kill of the service, and of the command: nothing is lost, and nothing is there twice."""

import asyncio
import json
import os
import stat
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from hitl.adapters.valkey.client import connect
from hitl.adapters.valkey.intake import ValkeyIntake
from hitl.integrations.labelling import FORMATS, LabelledCase
from hitl.integrations.labelling.cases import rows_of
from tests.clients.hosting import HostProcess, until
from tests.clients.test_labelling_files import EXAMPLE
from tests.review_app.conftest import PARTITIONS
from tests.running import ROOT

pytestmark = pytest.mark.slow

ROWS = 250
"""Three requests of an import."""

DIGITS = [str(digit) for digit in range(10)]
BEFORE, AFTER = ("cases.before_append", "4"), ("cases.after_append", "4")
"""In the second request: some of its cases may be stored, and nobody was told of any."""


def hitl(host: HostProcess, who: str, *arguments: str) -> subprocess.Popen[str]:
    """The command line, with somebody's key."""
    told = os.environ | {"HITL_API_KEY": who, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "hitl.cli", *arguments]
    return subprocess.Popen(command, env=told, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT)


def write_file(folder: Path, form: str, name: str) -> Path:
    """A file of ``ROWS`` cases as its tool writes it; each has another input."""
    rows = [EXAMPLE | {"case_id": f"{name}-{row}", "features": [row / ROWS] * 64, "label": "3"} for row in range(ROWS)]
    made = [LabelledCase.of(row | {"prediction": "4"}) for row in rows]
    path = folder / f"{name}.{form}"
    path.write_text(FORMATS[form].write(made, DIGITS))
    return path


def import_file(host: HostProcess, path: Path, form: str) -> subprocess.Popen[str]:
    return hitl(host, "client", "cases", "import", "digits", str(path), "--format", form, "--url", host.url)


def export_file(host: HostProcess, path: Path, form: str) -> subprocess.Popen[str]:
    return hitl(host, "trainer", "examples", "export", "digits", str(path), "--format", form, "--api", host.url)


def said(command: subprocess.Popen[str]) -> tuple[int, str]:
    text = command.communicate(timeout=180)[0]
    return command.returncode, " ".join(text.split())


def stored(host: HostProcess, path: Path, form: str) -> list[int]:
    """How often each row of the file stands in the store, as the set of these counts."""
    names = [each.external_id for each in FORMATS[form].read(rows_of(path.read_text()))]
    found = Counter(asyncio.run(external_ids(host.store_url)))
    return sorted({found[name] for name in names})


async def external_ids(store_url: str) -> list[str]:
    """Of every case in the store."""
    client = connect(store_url)
    pages = [await ValkeyIntake(client, partition).cases(0, 100_000) for partition in range(PARTITIONS)]
    await client.aclose()
    told = [json.loads(case.payload)["metadata"] for page in pages for case in page]
    return [each["external_id"] for each in told if "external_id" in each]


def decide(host: HostProcess, cases: int, label: str) -> None:
    """A person decides so many of the cases that wait."""
    with host.as_("reviewer") as reviewer:
        while cases > 0:
            for held in until(lambda: reviewer.claim("digits", 1).get("reviews")):
                reviewer.answer(held["review_id"], held["lease"]["id"], label)
                cases -= 1


@pytest.mark.parametrize(("form", "crash"), [("label-studio", BEFORE), ("hf", AFTER)])
def test_an_import_outlasts_a_kill_of_the_service(host: HostProcess, tmp_path: Path, form: str, crash: tuple[str, str]) -> None:
    path = write_file(tmp_path, form, f"outlasts-{form}")
    host.restart(*crash)
    command = import_file(host, path, form)
    host.wait_for_death()
    host.start()
    assert said(command) == (0, told(ROWS))
    assert stored(host, path, form) == [1]


@pytest.mark.parametrize(("form", "crash"), [("argilla", BEFORE), ("prodigy", AFTER)])
def test_an_import_that_was_killed_too_is_run_again(host: HostProcess, tmp_path: Path, form: str, crash: tuple[str, str]) -> None:
    path = write_file(tmp_path, form, f"again-{form}")
    host.restart(*crash)
    command = import_file(host, path, form)
    host.wait_for_death()
    command.kill()
    command.communicate()
    host.start()
    assert stored(host, path, form) == [0, 1]
    for _ in range(2):
        assert said(import_file(host, path, form)) == (0, told(ROWS))
        assert stored(host, path, form) == [1]


def told(cases: int) -> str:
    return f"{cases} cases are open or decided; {cases} answers of the file were not taken"


@pytest.mark.parametrize("form", list(FORMATS))
def test_what_people_decided_is_exported_whole_over_a_kill(host: HostProcess, tmp_path: Path, form: str) -> None:
    write_file(tmp_path, form, f"decided-{form}")
    assert said(import_file(host, tmp_path / f"decided-{form}.{form}", form))[0] == 0
    decide(host, 3, "7")
    target = tmp_path / "exported"
    host.kill()
    command = export_file(host, target, form)
    host.start()
    assert said(command)[0] == 0
    rows = FORMATS[form].read(rows_of(target.read_text()))
    assert len({each.external_id for each in rows}) == len(rows) >= 3
    assert stat.S_IMODE(target.stat().st_mode) == 0o600


def test_an_export_that_was_killed_leaves_no_file_and_is_run_again(host: HostProcess, tmp_path: Path) -> None:
    host.restart()
    target = tmp_path / "exported"
    host.kill()
    command = export_file(host, target, "hf")
    command.kill()
    command.communicate()
    host.start()
    assert not target.exists()
    assert said(export_file(host, target, "hf"))[0] == 0
