"""A Ray of this process with Serve on it, and nothing of the product."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

import ray
from ray import serve


@contextmanager
def local_serve() -> Iterator[None]:
    folder = tempfile.mkdtemp(prefix="hr", dir="/tmp")  # unix sockets: the path must be short
    ray.init(address="local", num_cpus=2, include_dashboard=False, log_to_driver=False, _temp_dir=folder)
    try:
        serve.start(proxy_location="Disabled")
        yield
    finally:
        serve.shutdown()
        ray.shutdown()
        shutil.rmtree(folder, ignore_errors=True)
