"""What this process uses of the machine: for runs that are asked to tell."""

import os
import resource
import sys

_UNIT = 1 if sys.platform == "darwin" else 1024
"""``ru_maxrss`` is in bytes on macOS and in KiB on Linux."""


def process_metrics() -> dict[str, float]:
    """CPU seconds and peak memory of the process, load of the machine: under MLflow's prefix for system metrics."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "system/process_cpu_seconds": used.ru_utime + used.ru_stime,
        "system/process_peak_memory_megabytes": used.ru_maxrss * _UNIT / 1e6,
        "system/load_1m": os.getloadavg()[0],
    }
