#!/bin/sh
# Starts a Ray node of a pod as closed as that of one machine. KubeRay gives the command of `ray start` as a variable
# (annotation ray.io/overwrite-container-cmd). A step that fails ends the start: Ray's own proxy would be open to everybody.
set -eu
proxy=$(hitl proxy-environment --data-dir "${HITL_DATA_DIR:-/data}/proxy")
eval "$proxy"
export RAY_START_HOOK=hitl.cli.local.ray_start.without_client_server
exec sh -c "$KUBERAY_GEN_RAY_START_CMD"
