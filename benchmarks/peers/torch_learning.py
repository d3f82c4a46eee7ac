"""The networks of an ensemble in PyTorch: one after another, or by torch.func.vmap. Prints steps per second.

Reads one JSON object per line from standard input, {"kind", "steps", "members", "threads", "width", "depth",
"examples"}; answers with two numbers, steps per second of one core and per second of the clock.
"""

import itertools
import json
import sys
import time

import torch
from sklearn.datasets import load_digits


def digits(examples):
    images, labels = load_digits(return_X_y=True)
    x = torch.tensor(images[:examples], dtype=torch.float32)
    x = x - x.mean(dim=0)
    x = x / x.square().mean(dim=1, keepdim=True).sqrt()
    return x, torch.eye(10)[torch.tensor(labels[:examples])]


def network(width, depth):
    sizes = [64, *[width] * depth]
    layers = []
    for fan_in, fan_out in itertools.pairwise(sizes):
        layers += [torch.nn.Linear(fan_in, fan_out, bias=False), torch.nn.Tanh()]
    model = torch.nn.Sequential(*layers, torch.nn.Linear(width, 10, bias=False))
    for layer in model:
        if isinstance(layer, torch.nn.Linear):
            torch.nn.init.orthogonal_(layer.weight)
    return model


def now():
    """Seconds of one core, and of the clock."""
    return time.process_time(), time.perf_counter()


def loop(request, x, y):
    """One network; the others take as long."""
    model = network(request["width"], request["depth"])
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, foreach=True)
    start = now()
    for _ in range(request["steps"]):
        optimizer.zero_grad(set_to_none=True)
        loss = (model(x) - y).square().sum(dim=1).mean() / 2
        loss.backward()
        optimizer.step()
    return request["steps"], start, now()


def vmap(request, x, y):
    models = [network(request["width"], request["depth"]) for _ in range(request["members"])]
    weights, _ = torch.func.stack_module_state(models)

    def loss(weights):
        return (torch.func.functional_call(models[0], weights, (x,)) - y).square().sum(dim=1).mean() / 2

    gradient = torch.func.vmap(torch.func.grad(loss))
    with torch.no_grad():
        gradient(weights)
        start = now()
        for _ in range(request["steps"]):
            slopes = gradient(weights)
            weights = {name: weights[name] - 0.1 * slopes[name] for name in weights}
    return request["steps"] * request["members"], start, now()


if __name__ == "__main__":
    for line in sys.stdin:
        request = json.loads(line)
        torch.set_num_threads(request["threads"])
        measure = {"loop": loop, "vmap": vmap}[request["kind"]]
        steps, start, end = measure(request, *digits(request["examples"]))
        print(json.dumps([steps / (b - a) for a, b in zip(start, end, strict=True)]), flush=True)
