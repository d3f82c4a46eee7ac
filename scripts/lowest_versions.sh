#!/bin/sh
# Try the lower bounds of pyproject.toml: the lowest version of each library that is asked for, in an environment of its
# own, and tests that touch all of them. `make lowest` runs it; it needs uv.
set -eu
cd "$(dirname "$0")/.."
environment=.cache/lowest
uv venv --quiet --clear --python "${PYTHON:-python3}" "$environment"
uv pip install --quiet --resolution lowest-direct --python "$environment/bin/python" --editable '.[test]'
"$environment/bin/netphysics" list > /dev/null
# Libraries of that age warn of one another; that is no fault of this package.
"$environment/bin/python" -m pytest --quiet -W ignore \
    tests/stats tests/lab/test_catalog.py tests/lab/test_data.py tests/nets/test_net.py \
    tests/discovery/test_table.py tests/topology/test_homology.py tests/topology/test_events.py \
    tests/knots/test_unknotting_agents.py tests/cli/test_command.py
