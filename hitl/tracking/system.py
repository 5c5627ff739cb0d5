"""CPU, memory, disk and network figures of this process and machine, for runs that ask for them."""

import psutil

_MEGA = 1e6
_PROCESS = psutil.Process()


def system_metrics() -> dict[str, float]:
    """Use of processor, memory, disk and network under MLflow's own names of system metrics, and the process's own share.

    Percentages of processor time are since the call before this one; network counts since the machine started.
    """
    memory, disk, network = psutil.virtual_memory(), psutil.disk_usage("/"), psutil.net_io_counters()
    used = _PROCESS.cpu_times()
    told = {
        "cpu_utilization_percentage": psutil.cpu_percent(),
        "system_memory_usage_megabytes": memory.used / _MEGA,
        "system_memory_usage_percentage": memory.percent,
        "disk_usage_megabytes": disk.used / _MEGA,
        "disk_usage_percentage": disk.percent,
        "process_cpu_seconds": used.user + used.system,
        "process_memory_megabytes": _PROCESS.memory_info().rss / _MEGA,
    }
    if network is not None:  # a machine without a network interface has no counters
        told |= {
            "network_receive_megabytes": network.bytes_recv / _MEGA,
            "network_transmit_megabytes": network.bytes_sent / _MEGA,
        }
    return {f"system/{name}": float(value) for name, value in told.items()}
