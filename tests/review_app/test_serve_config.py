"""configs/serve.yaml is what Serve's own schema takes, and its builders exist."""

from collections.abc import Mapping
from contextlib import nullcontext
from importlib import import_module
from inspect import signature
from pathlib import Path

import pytest
import yaml
from ray import serve
from ray.serve import Application, Deployment
from ray.serve.schema import ServeDeploySchema

from hitl.errors import InvalidConfig
from hitl.partitioning import Partitioning
from hitl.tasks import TaskSpec
from hitl.tasks.book import Definition, TaskBook
from serve_app.app import build_gateway, gateway_scale, predictor_scale
from serve_app.setup.args import ServeArgs

CONFIG = yaml.safe_load(Path("configs/serve.yaml").read_text(encoding="utf-8"))


class Nothing:
    """A deployment that Serve takes options for."""


def test_config_fits_the_schema_of_serve() -> None:
    assert [app.name for app in ServeDeploySchema.model_validate(CONFIG).applications] == ["gateway", "review"]


def test_builders_are_typed_by_their_arguments() -> None:
    for application in CONFIG["applications"]:
        module, name = application["import_path"].split(":")
        (parameter,) = signature(getattr(import_module(module), name)).parameters.values()
        assert parameter.annotation is ServeArgs
        assert application["args"].keys() <= ServeArgs.model_fields.keys()


def test_gateway_has_a_prefix_of_its_own() -> None:
    assert {app["name"]: app["route_prefix"] for app in CONFIG["applications"]} == {"gateway": "/v1/tasks", "review": "/"}


@pytest.mark.parametrize(("most", "said"), [(None, {"num_replicas": 3}), (3, {"num_replicas": 3}), (8, (3, 8))])
def test_gateways_are_of_a_fixed_number_or_follow_the_load(most: int | None, said: object) -> None:
    args = ServeArgs.model_construct(gateway_replicas=3, gateway_max_replicas=most)
    scale = gateway_scale(args)
    limits = scale.get("autoscaling_config")
    assert (scale if limits is None else (limits["min_replicas"], limits["max_replicas"])) == said
    assert serve.deployment(Nothing).options(**scale).name == "Nothing"


@pytest.mark.parametrize(("most", "said"), [(None, {"num_replicas": 2}), (9, (2, 9))])
def test_predictors_are_of_a_fixed_number_or_follow_the_load_of_their_own(most: int | None, said: object) -> None:
    scale = predictor_scale(ServeArgs.model_construct(predictor_replicas=2, predictor_max_replicas=most))
    limits = scale.get("autoscaling_config")
    assert (scale if limits is None else (limits["min_replicas"], limits["max_replicas"])) == said


def built(monkeypatch: pytest.MonkeyPatch, **given: object) -> dict[str, Deployment]:
    """The deployments of the gateway's application as Serve would run them, by name."""
    monkeypatch.setattr("serve_app.app._claim_store", lambda args: None)
    monkeypatch.setattr("serve_app.app.book_in_force", lambda args, files: TaskBook(files))
    application = build_gateway(ServeArgs.model_validate({"redis_url": "redis://127.0.0.1:1/0", **given}))
    bound = application._bound_deployment
    inner = [each._bound_deployment for each in bound.init_args if isinstance(each, Application)]
    return {each.name: each for each in (bound, *inner)}


def with_a_sealed_task(files: Mapping[str, TaskSpec], is_removed: bool) -> TaskBook:
    """The files beside a task that needs a master key, which this installation has not."""
    sealed = files["digits"].model_copy(update={"task": "sealed", "sealed": True, "overrides": None})
    known = [Definition(task, 0, task, spec) for task, spec in {**files, "sealed": sealed}.items()]
    return TaskBook(files, [*known, *([Definition("sealed", 1, "gone", None)] if is_removed else [])])


def test_a_start_wants_nothing_that_only_a_removed_task_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("serve_app.app._claim_store", lambda args: None)
    args = ServeArgs.model_validate({"redis_url": "redis://127.0.0.1:1/0"})
    for is_removed, refused in ((True, nullcontext()), (False, pytest.raises(InvalidConfig, match="HITL_MASTER_KEY"))):
        monkeypatch.setattr("serve_app.app.book_in_force", lambda args, files, gone=is_removed: with_a_sealed_task(files, gone))
        with refused:
            build_gateway(args)


@pytest.mark.covers("003-79")
def test_the_built_gateway_follows_the_load_between_its_two_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    gateway = built(monkeypatch, gateway_replicas=2, gateway_max_replicas=6)["Gateway"]
    scale = gateway._deployment_config.autoscaling_config
    assert (scale.min_replicas, scale.max_replicas, scale.target_ongoing_requests) == (2, 6, 64)


@pytest.mark.covers("003-40")
def test_a_gpu_is_asked_for_by_the_predictors_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    made = built(monkeypatch, predictor="deployment", predictor_gpus=0.5, predictor_max_replicas=4)
    gpus = {name: each.ray_actor_options["num_gpus"] for name, each in made.items()}
    assert gpus == {"Gateway": 0.0, "Predictor": 0.5}
    assert made["Predictor"]._deployment_config.autoscaling_config.max_replicas == 4
    assert built(monkeypatch).keys() == {"Gateway"}


def test_a_start_looks_at_the_store_before_it_writes_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """The builders refuse a weak store, and one of another installation, before they note anything in it."""
    asked: list[tuple[object, ...]] = []

    def pinned(url: str, partitions: int) -> Partitioning:
        asked.append(("partitions", partitions))
        return Partitioning((partitions,))

    monkeypatch.setattr("serve_app.app.check_store", lambda url, refuse: asked.append(("check", refuse)))
    monkeypatch.setattr("serve_app.app.pin_installation", lambda url, name: asked.append(("installation", name)))
    monkeypatch.setattr("serve_app.app.pin_partitions", pinned)
    monkeypatch.setattr("serve_app.app.book_in_force", lambda args, files: TaskBook(files))
    given = {"redis_url": "redis://127.0.0.1:1/0", "installation": "north", "store_promises": "report"}
    build_gateway(ServeArgs.model_validate(given))
    assert asked == [("check", False), ("installation", "north"), ("partitions", 1)]
    build_gateway(ServeArgs.model_validate(given | {"store_promises": "refuse"}))
    assert asked[3] == ("check", True)
