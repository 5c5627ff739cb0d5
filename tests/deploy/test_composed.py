"""compose.yaml before a parser of the specification, and its parts together: store, PostgreSQL, MLflow, service, Prometheus."""

import json
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx2
import pytest
from redis import Redis
from redis.exceptions import RedisError

from tests.clients.hosting import environment_of, program
from tests.cluster.balancer import Balancer
from tests.deploy.composed import Composed, composed
from tests.deploy.first_look import FirstLook, printed_keys
from tests.deploy.machines import machines, needs_machines
from tests.deploy.test_image import environment as image_environment

pytestmark = pytest.mark.wide

WITHIN_S = 240.0
POSTGRES = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
PARTS = ("hitl", "valkey", "postgres", "mlflow", "prometheus")
"""Grafana is in no package that tests may install: its files are compared with what they name."""

needs_programs = pytest.mark.skipif(
    not POSTGRES or shutil.which("prometheus") is None,
    reason="needs postgresql and prometheus: apt-get install postgresql prometheus",
)


def parsed(document: Mapping[str, Any]) -> str:
    """What a strict parser of the Compose specification finds wrong with it, or nothing."""
    python = environment_of("compose", "compose-spec==0.2.1")
    running = program(python, "tests/deploy/programs/parse_compose.py")
    return str(running.communicate(json.dumps(document), timeout=60)[0])


def test_the_file_is_what_the_specification_knows() -> None:
    assert parsed(composed()) == ""


@pytest.mark.parametrize("wrong", [{"healthchek": {}}, {"secrets": ["nobody_made_it"]}])
def test_the_parser_finds_what_is_wrong(wrong: Mapping[str, Any]) -> None:
    document = composed()
    document["services"]["hitl"].update(wrong)
    assert parsed(document) != ""


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Composed]:
    """All parts, in the order of their conditions."""
    folder = tmp_path_factory.mktemp("composed")
    with machines(folder / "machines", dict.fromkeys(PARTS, "")) as found:
        whole = Composed(folder, found)
        try:
            _start_store(whole)
            _start_postgres(whole)
            whole.start("mlflow")
            address = f"http://{found['mlflow'].address}:5000"
            # Its own name is among the hosts that it answers to; an address is not.
            _until(lambda: httpx2.get(f"{address}/health", headers={"Host": "mlflow:5000"}).status_code == 200, whole, "mlflow")
            yield whole
        finally:
            whole.close()
    shutil.rmtree(folder, ignore_errors=True)


def _start_store(whole: Composed) -> None:
    whole.start("valkey")
    url = f"redis://:{whole.secret('store_password')}@{whole.machines['valkey'].address}:6379/0"
    _until(lambda: bool(Redis.from_url(url).ping()), whole, "valkey")


def _start_postgres(whole: Composed) -> None:
    """As the image's entrypoint: a database for the user and the password of the environment."""
    given, machine = whole.services["postgres"]["environment"], whole.machines["postgres"]
    user, data, programs = given["POSTGRES_USER"], "/var/lib/postgresql/data", POSTGRES[-1].parent
    script = f"""
        set -eu
        chown -R postgres {data}
        as="setpriv --reuid=postgres --clear-groups"
        $as {programs}/initdb -D {data} -U {user} --pwfile={given["POSTGRES_PASSWORD_FILE"]} -A scram-sha-256 > /dev/null
        echo "host all all all scram-sha-256" >> {data}/pg_hba.conf
        exec $as {programs}/postgres -D {data} -c listen_addresses='*' -c unix_socket_directories=/tmp
    """
    with whole.log("postgres").open("wb") as output:
        whole.run_with("postgres", ["sh", "-c", script], {}, output)
    make = f"PGPASSWORD=$(cat {given['POSTGRES_PASSWORD_FILE']}) createdb -h 127.0.0.1 -U {user} {given['POSTGRES_DB']}"
    _until(lambda: machine.run(["sh", "-c", make]) is not None, whole, "postgres")


@pytest.fixture(scope="module")
def service(parts: Composed) -> Iterator[FirstLook]:
    """``hitl up`` behind the image's entrypoint, with the environment of image and file, and its port on our loopback."""
    env = {name: value for name, value in image_environment().items() if name != "PATH"} | {"COLUMNS": "200"}
    argv = ["entrypoint.sh", "hitl", "up"]  # the file gives no command: the image's own
    assert "command" not in parts.services["hitl"]
    with parts.log("hitl").open("wb") as output:
        running = parts.run_with("hitl", argv, env, output)
    published = Balancer([(parts.machines["hitl"].address, 8000)])
    yield FirstLook(published.url, printed_keys(running, parts.log("hitl")))
    published.close()


@needs_machines
@needs_programs
@pytest.mark.covers("000-05")
def test_a_case_is_taken_and_the_console_opens(service: FirstLook) -> None:
    service.asks()
    service.looks()


@needs_machines
@needs_programs
def test_the_service_uses_the_store_and_the_tracking_of_the_file(service: FirstLook, parts: Composed) -> None:
    data = parts.machines["hitl"].folder / "data"
    assert [*data.rglob("*.aof"), *data.rglob("mlflow.db")] == []
    with Redis.from_url(f"redis://:{parts.secret('store_password')}@{parts.machines['valkey'].address}:6379/0") as store:
        assert store.get("hitl:{identity}:installation") == b"compose"


@needs_machines
@needs_programs
def test_mlflow_keeps_its_runs_in_postgres(parts: Composed) -> None:
    ask = "PGPASSWORD=$(cat /run/secrets/postgres_password) psql -h 127.0.0.1 -U mlflow -tAc 'select count(*) from experiments'"
    assert int(parts.machines["postgres"].run(["sh", "-c", ask])) >= 1


@needs_machines
@needs_programs
def test_prometheus_scrapes_with_an_operators_key(service: FirstLook, parts: Composed) -> None:
    """As docs/operations.md says: the key is made after the first start."""
    machine, env = parts.machines["hitl"], {**parts.environment("hitl"), "HITL_DATA_DIR": "/data", "COLUMNS": "200"}
    told = machine.run(["entrypoint.sh", "hitl", "keys", "issue", "prometheus", "--role", "operator"], env)
    key = next(word for word in told.split() if word.startswith("hitl_"))
    parts.machines["prometheus"].write("/run/secrets/scrape_key", key, 0o444)
    parts.start("prometheus", "prometheus")
    api = f"http://{parts.machines['prometheus'].address}:9090/api/v1"

    def scraped() -> bool:
        targets = httpx2.get(f"{api}/targets").json()["data"]["activeTargets"]
        return [(each["labels"]["job"], each["health"]) for each in targets] == [("hitl", "up")]

    _until(scraped, parts, "prometheus")
    rules = httpx2.get(f"{api}/rules").json()["data"]["groups"]
    assert sum(len(group["rules"]) for group in rules) > 3


def _until(holds: Callable[[], bool], whole: Composed, name: str) -> None:
    deadline = time.monotonic() + WITHIN_S
    while True:
        try:
            if holds():
                return
        except (httpx2.TransportError, RedisError, AssertionError, subprocess.SubprocessError):
            pass
        assert whole.runs(name), whole.log(name).read_text(errors="replace")[-3000:]
        assert time.monotonic() < deadline, whole.log(name).read_text(errors="replace")[-3000:]
        time.sleep(0.5)
