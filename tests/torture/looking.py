"""What is compared: the numbers of a run."""

import json


def numbers(run):
    """All numbers of a run, to the last bit: results, claims, and what its blocks kept."""
    found = [
        (kind, cell, name, estimate.value.tobytes(), estimate.error.tobytes(), estimate.draws)
        for kind, results in (("predicted", run.predicted), ("measured", run.measured))
        for cell, quantities in results.items()
        for name, estimate in quantities.items()
    ]
    return found, json.dumps([claim.to_json() for claim in run.claims])
