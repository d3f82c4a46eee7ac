"""Formulas found by gplearn and pyoperon. Reads JSON from standard input: [{"columns", "z", "fresh"}, ...].

Answers with {peer: [[formula, its values on the fresh rows, seconds], ...]}. Peers that are not installed are left out.
"""

import json
import sys
import time
import warnings

import numpy as np


def gplearn(x, z, names, fresh):
    from gplearn.genetic import SymbolicRegressor

    model = SymbolicRegressor(
        population_size=1000,
        generations=15,
        function_set=("add", "sub", "mul", "div"),
        metric="spearman",
        parsimony_coefficient=0.005,
        feature_names=names,
        random_state=0,
    ).fit(x, z)
    return str(model._program), model._program.execute(fresh)


def pyoperon(x, z, names, fresh):
    from pyoperon.sklearn import SymbolicRegressor

    model = SymbolicRegressor(
        allowed_symbols="add,sub,mul,div,constant,variable,log,exp,sqrt",
        max_length=15,
        population_size=1000,
        generations=100,
        optimizer_iterations=5,
        max_evaluations=150_000,
        n_threads=1,
        random_state=0,
    ).fit(x, z)
    return model.get_model_string(model.model_, 4, names), model.predict(fresh)


def main():
    tasks, found = json.load(sys.stdin), {}
    for peer in (pyoperon, gplearn):
        answers = []
        for task in tasks:
            names = list(task["columns"])
            x, fresh = (np.array([task[part][name] for name in names]).T for part in ("columns", "fresh"))
            start = time.process_time()
            try:
                text, values = peer(x, np.array(task["z"]), names, fresh)
            except ImportError:
                break
            answers.append([text, np.asarray(values, float).tolist(), time.process_time() - start])
        else:
            found[peer.__name__] = answers
    print(json.dumps(found))


warnings.simplefilter("ignore")
main()
