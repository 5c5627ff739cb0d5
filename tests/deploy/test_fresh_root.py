"""An operator's first day on a machine that has Debian and nothing else: pip install, hitl up, a decision, the console."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deploy.debian_root import NOBODY, DebianRoot, debian_base, needs_debootstrap, pip_of_this_machine
from tests.deploy.figures import note
from tests.deploy.first_look import first_look
from tests.local.test_wheel import built, checkout
from tests.running import ROOT

pytestmark = [pytest.mark.wide, needs_debootstrap]

PLAIN = {"PATH": "/usr/local/bin:/usr/sbin:/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": "/root"}
HOME = "/home/ada"
ADA = {**PLAIN, "HOME": HOME, "PATH": f"{HOME}/venv/bin:/usr/bin:/bin"}
INSTALL_WITHIN_S = 600


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DebianRoot]:
    """Debian, one user, and the wheel of this checkout."""
    folder = tmp_path_factory.mktemp("fresh")
    done = built(checkout(folder / "source"), folder / "dist")
    assert done.returncode == 0, done.stderr
    subprocess.run(["cp", "-a", "--reflink=auto", str(debian_base()), str(folder / "root")], check=True)
    shown = {"/dist": folder / "dist", "/constraints.txt": ROOT / "configs" / "constraints.txt"}
    found = DebianRoot(folder / "root", {**shown, **pip_of_this_machine(folder)})
    found.run(["useradd", "--create-home", "--uid", str(NOBODY), "--home-dir", HOME, "ada"], PLAIN)
    yield found
    shutil.rmtree(found.folder)


def test_pip_install_and_hitl_up_in_an_empty_folder(root: DebianRoot, tmp_path: Path) -> None:
    (wheel,) = (root.shown["/dist"]).glob("*.whl")
    before = time.monotonic()
    root.run(["python3", "-m", "venv", f"{HOME}/venv"], ADA, NOBODY)
    pip = ["python", "-m", "pip", "install", "--quiet", "--no-cache-dir", "-c", "/constraints.txt"]
    root.run([*pip, "torch==2.13.0", f"/dist/{wheel.name}"], ADA, NOBODY, INSTALL_WITHIN_S)
    installed_s = time.monotonic() - before
    size = subprocess.run(["du", "-sm", f"{root.folder}{HOME}/venv"], capture_output=True, text=True, check=True)
    root.run(["mkdir", f"{HOME}/empty"], ADA, NOBODY)
    with first_look(root, ["hitl", "up"], ADA, tmp_path / "up.log", f"{HOME}/empty") as service:
        service.asks()
        service.looks()
    left = root.run(["sh", "-c", f"ls {HOME}/empty"], ADA, NOBODY).split()
    assert left == ["data"]
    note("fresh root", {"install_s": installed_s, "up_s": service.started_s, "venv_mb": float(size.stdout.split()[0])})
