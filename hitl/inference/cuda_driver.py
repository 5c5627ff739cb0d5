"""Whether torch could find a GPU here, told without importing it."""

import ctypes
import os

LIBRARY = "libcuda.so.1"
"""Of NVIDIA's driver: torch computes on no GPU without it."""

HIDES_ALL = ("", "-1")
"""Values of CUDA_VISIBLE_DEVICES under which a process sees no GPU; Ray sets one where it gave none."""


def may_have_gpu() -> bool:
    """False where torch would find none for certain; where it might, torch itself says."""
    if os.environ.get("CUDA_VISIBLE_DEVICES", "all") in HIDES_ALL:
        return False
    try:
        ctypes.CDLL(LIBRARY)
    except OSError:
        return False
    return True
