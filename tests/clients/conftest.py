"""A service for the tests of one module, over a store of its own."""

from collections.abc import Iterator

import pytest

from tests.clients.hosting import HostProcess
from tests.valkey_process import ValkeyProcess


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HostProcess]:
    store = ValkeyProcess(tmp_path_factory.mktemp("store"))
    store.start()
    process = HostProcess(store.url, tmp_path_factory.mktemp("output"))
    try:
        process.start()
        yield process
    finally:
        process.kill()
        store.kill()
