"""What all tests of faults share: the numbers of a run, and in how many parts there are thousands of faults."""

import json

PARTS = 5


def numbers(run):
    """All numbers of a run, to the last bit: results, claims, and what its blocks kept."""
    found = [
        (kind, cell, name, estimate.value.tobytes(), estimate.error.tobytes(), estimate.draws)
        for kind, results in (("predicted", run.predicted), ("measured", run.measured))
        for cell, quantities in results.items()
        for name, estimate in quantities.items()
    ]
    return found, json.dumps([claim.to_json() for claim in run.claims])
