"""Row 35: a trainer that gets no memory any more ends as failed, and takes nothing else of the service along."""

import resource
import time
from pathlib import Path

from tests.faults.product import PARTS, PROGRAMS, Back, Product, is_gone, patience
from tests.faults.product_jobs import asked_by_jobs, check_artifacts, ended, started, trainers

ENDED_WITHIN_S = 60.0
SPARE_BYTES = 1 << 20
STARTS_WITHIN_S = 120.0
RUNS_S = (1.0, 12.0)
OUT_OF_MEMORY = ("MemoryError", "bad_alloc", "annot allocate", "failed to map segment")
"""What a trainer says that gets no memory: in Python, in C, and where a library is loaded."""


def starve_training(product: Product) -> Back:
    """From some moment on the trainer's address space may not grow. Back when the service is whole: with the processes of
    before, none of which started anew."""
    before, alive = asked_by_jobs(product), _alive(product)
    job = started(product)
    found = next((pids for _ in patience(STARTS_WITHIN_S) if (pids := trainers(product))), [])
    assert found, "no trainer started"
    time.sleep(product.rng.uniform(*RUNS_S))
    starved_at = time.monotonic()
    starved = [pid for pid in found if _starve(pid)]
    output = ended(job)
    took_s = time.monotonic() - starved_at
    assert starved, f"the trainer was done before its memory was taken: {output}"
    assert job.returncode == 1, output
    assert any(words in output for words in OUT_OF_MEMORY), f"it ended for another reason: {output}"
    assert took_s < ENDED_WITHIN_S, f"the job ended {took_s:.0f} s after it had no memory"
    assert asked_by_jobs(product) == before, "a starved trainer asked for an approval"
    assert all(is_gone(pid) for pid in found), "a starved trainer lives"
    check_artifacts(product)
    dead = {part: pids for part, pids in alive.items() if any(is_gone(pid) for pid in pids)}
    assert not dead, f"others died too: {dead}"
    return product.is_whole


def _alive(product: Product) -> dict[str, list[int]]:
    """The processes of the service, by what they are."""
    ours = {name: [product.part(name)] for name in ("valkey", "mlflow", "ray")}
    return ours | {name: product.pids(name) for name in (*PARTS, *PROGRAMS)}


def _starve(pid: int) -> bool:
    """Whether the process was there to be limited to SPARE_BYTES more than it has."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[0])
        most = pages * resource.getpagesize() + SPARE_BYTES
        resource.prlimit(pid, resource.RLIMIT_AS, (most, most))
    except (FileNotFoundError, ProcessLookupError):
        return False
    return True
