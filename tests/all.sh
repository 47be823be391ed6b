#!/bin/bash
# All tests, on every core: those without a browser, then those with one. On PostgreSQL only those
# that could go otherwise there (docs/decisions/0019). With arguments: pytest with these.
set -euo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-.venv/bin/python}

if [ $# -gt 0 ]; then exec "$python" -m pytest "$@"; fi
cores=$(env -u OMP_NUM_THREADS nproc)
export OMP_NUM_THREADS=1 # each core has a worker of pytest's already
chosen=()
if [ -n "${DATABASE_URL:-}" ]; then chosen=(-m "not any_database"); fi
# Each file stays with one worker, which makes what its tests share once.
all=("$python" -m pytest -q -n "$cores" --dist loadfile --no-loadscope-reorder "${chosen[@]}")
"${all[@]}" --ignore tests/browser --ignore tests/journeys
"${all[@]}" tests/browser tests/journeys
