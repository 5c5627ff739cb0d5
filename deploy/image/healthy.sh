#!/bin/sh
# The image's health check: the service of this container answers. Whether all of it can is GET /ready.
exec wget --quiet --tries 1 --timeout 4 --output-document /dev/null "http://127.0.0.1:${HITL_HTTP_PORT:-8000}/health"
