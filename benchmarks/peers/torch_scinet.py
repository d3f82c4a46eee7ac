"""The SciNets of a pendulum sweep in PyTorch, one model after another. Prints model-steps per second.

Reads one JSON object per line from standard input, {"latents", "steps", "systems", "questions", "threads"}; answers
with one number. Examples lie in memory; a step takes a random part of them.
"""

import itertools
import json
import math
import sys
import time

import torch

TABLE, POINTS, WIDTH, SHOWN = 20_000, 50, 64, 8


def pendulums(count):
    b, kappa = 0.4 + 0.8 * torch.rand(count, 1), 4 + 8 * torch.rand(count, 1)
    asked = 10 * torch.rand(count, SHOWN)

    def position(t):
        return torch.exp(-b * t / 2) * torch.cos(torch.sqrt(kappa - b**2 / 4) * t)

    return position(torch.linspace(0, 5, POINTS)), asked / 2.5, position(asked)


def layers(*widths):
    pairs = list(itertools.pairwise(widths))
    parts = [part for pair in pairs for part in (torch.nn.Linear(*pair), torch.nn.GELU("tanh"))]
    return torch.nn.Sequential(*parts[:-1])


def train(latents, steps, systems, questions, table):
    observed, asked, answers = table
    encoder = layers(POINTS, WIDTH, WIDTH, max(2 * latents, 1))
    decoder = layers(latents + 1, WIDTH, WIDTH, 1)
    weights = [*encoder.parameters(), *decoder.parameters()]
    optimizer = torch.optim.Adam(weights, lr=1e-2, foreach=True)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    for _ in range(steps):
        rows = torch.randint(TABLE, (systems,))
        mean, log_sigma = encoder(observed[rows])[:, : 2 * latents].split(latents, dim=1) if latents else [None] * 2
        q = asked[rows, :questions, None]
        information = 0.0
        if latents:
            log_sigma = log_sigma.clamp(-7, 2)
            z = mean + log_sigma.exp() * torch.randn(systems, latents)
            q = torch.cat([z[:, None].expand(systems, questions, latents), q], dim=2)
            information = ((mean**2 + torch.exp(2 * log_sigma) - 1) / 2 - log_sigma).sum(dim=1).mean()
        loss = (decoder(q) - answers[rows, :questions, None]).square().mean() + 1e-3 * information
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(weights, 1.0, foreach=True)
        optimizer.step()
        schedule.step()
    if not math.isfinite(loss.item()):
        raise ArithmeticError("the peer diverged")


if __name__ == "__main__":
    table = pendulums(TABLE)
    for line in sys.stdin:
        request = json.loads(line)
        torch.set_num_threads(request["threads"])
        start = time.perf_counter()
        for latents in request["latents"]:
            train(latents, request["steps"], request["systems"], request["questions"], table)
        print(len(request["latents"]) * request["steps"] / (time.perf_counter() - start), flush=True)
