"""Say what is wrong with the Compose document on standard input; in an environment that has compose-spec."""

import sys

from compose_spec import PyCompose

try:
    PyCompose.from_json(sys.stdin.read()).validate()
except ValueError as error:
    sys.stdout.write(str(error))
