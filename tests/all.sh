#!/bin/bash
# All tests: those without a browser on every core, then those with one, which need a core each.
# With arguments: pytest with these.
set -euo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-.venv/bin/python}

if [ $# -gt 0 ]; then exec "$python" -m pytest "$@"; fi
"$python" -m pytest -q -n auto --ignore tests/browser --ignore tests/journeys
"$python" -m pytest -q tests/browser tests/journeys
