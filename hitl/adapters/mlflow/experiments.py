"""Find an experiment by its name, whatever somebody did to it meanwhile."""

from mlflow import MlflowClient
from mlflow.entities import LifecycleStage
from mlflow.exceptions import MlflowException


def experiment_id(client: MlflowClient, name: str, artifact_location: str | None = None) -> str:
    """Return the id of the experiment ``name``: created on first use, restored where it was deleted."""
    found = client.get_experiment_by_name(name)
    if found is None:
        try:
            place = f"{artifact_location.rstrip('/')}/{name}" if artifact_location else None
            return str(client.create_experiment(name, artifact_location=place))
        except MlflowException as error:
            if error.error_code != "RESOURCE_ALREADY_EXISTS":
                raise
            return str(client.get_experiment_by_name(name).experiment_id)
    if found.lifecycle_stage == LifecycleStage.DELETED:
        client.restore_experiment(found.experiment_id)
    return str(found.experiment_id)


def is_gone(client: MlflowClient, number: str) -> bool:
    """Tell whether the experiment with this id takes no runs: it was deleted, or is not there any more."""
    try:
        return bool(client.get_experiment(number).lifecycle_stage != LifecycleStage.ACTIVE)
    except MlflowException as error:
        if error.error_code != "RESOURCE_DOES_NOT_EXIST":
            raise
        return True
