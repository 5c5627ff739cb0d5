"""configs/serve.yaml is what Serve's own schema takes, and its builders exist."""

from importlib import import_module
from inspect import signature
from pathlib import Path

import pytest
import yaml
from ray import serve
from ray.serve.schema import ServeDeploySchema

from serve_app.app import gateway_scale
from serve_app.args import ServeArgs

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
