"""The TypeScript client, compiled from the console's types, against a service in a process of its own."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.clients.hosting import HostProcess
from tests.running import ROOT

CLIENT = ROOT / "deploy" / "client-typescript"
COMPILER = ROOT / "serve_app" / "console" / "web" / "node_modules" / ".bin" / "tsc"
PROGRAM = Path(__file__).parent / "programs" / "typescript_loop.ts"
STRICTLY = ("--strict", "--noUncheckedIndexedAccess", "--target", "ES2022", "--module", "NodeNext", "--lib", "ES2024,DOM")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        shutil.which("node") is None or not COMPILER.exists(),
        reason="there is no node, or no compiler (make console): the TypeScript client was not tried",
    ),
]


@pytest.fixture
def compiled(tmp_path: Path) -> Path:
    """The program beside the built package, as one that installed it."""
    package = tmp_path / "node_modules" / "ray-hitl-client"
    package.mkdir(parents=True)
    shutil.copy(CLIENT / "package.json", package)
    subprocess.run(["node", CLIENT / "build.mjs", package / "dist"], check=True, timeout=120)
    (tmp_path / "package.json").write_text('{"type": "module"}')
    shutil.copy(PROGRAM, tmp_path)
    subprocess.run([COMPILER, *STRICTLY, PROGRAM.name], cwd=tmp_path, check=True, timeout=120)
    return tmp_path / PROGRAM.with_suffix(".js").name


def test_a_program_and_a_person_loop_by_the_client(host: HostProcess, compiled: Path) -> None:
    host.open_case("typescript")
    done = subprocess.run(["node", compiled, host.url], capture_output=True, text=True, timeout=120, check=False)
    assert (done.stdout, done.returncode) == ("looped\n", 0), done.stderr
