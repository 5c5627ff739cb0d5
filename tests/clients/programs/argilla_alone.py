"""The real Argilla server without Elasticsearch: its records stand in SQLite, and nothing is searched for.

python argilla_alone.py PORT API_KEY          (ARGILLA_HOME_PATH and ARGILLA_REDIS_URL say where it keeps what it has)
"""

import os
import subprocess
import sys
from typing import Any

os.environ["ARGILLA_SEARCH_ENGINE"] = "none"

import uvicorn
from argilla_server._app import create_server_app
from argilla_server.search_engine import SearchEngine


async def do_nothing(self: Any, *given: Any, **more: Any) -> Any:
    return None


async def is_there(self: Any) -> Any:
    return True


async def make(cls: Any) -> Any:
    return cls()


NAMES = dict.fromkeys(SearchEngine.__abstractmethods__, do_nothing)
NoSearch = type("NoSearch", (SearchEngine,), {**NAMES, "ping": is_there, "new_instance": classmethod(make)})
SearchEngine.register("none")(NoSearch)


def main(port: int, key: str) -> None:
    database = [sys.executable, "-m", "argilla_server", "database"]
    subprocess.run([*database, "migrate"], check=True)
    subprocess.run([*database, "users", "create_default", "--api-key", key], check=True)
    uvicorn.run(create_server_app(), port=port, log_level="warning")


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
