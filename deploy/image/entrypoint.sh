#!/bin/sh
# Runs a command with the settings that lie in files: each file HITL_NAME of the folder becomes the variable HITL_NAME.
# So a secret stands in no manifest, no command line and no image. Other files of the folder are keys that settings name.
set -eu
for file in "${HITL_SECRETS_DIR:-/run/secrets/hitl}"/HITL_*; do
    test -f "$file" || continue
    name=${file##*/}
    case "$name" in
    *[!A-Z0-9_]*) echo "entrypoint: $file is not named as a setting" >&2; exit 1 ;;
    esac
    value=$(cat "$file")
    export "$name=$value"
done
exec "$@"
