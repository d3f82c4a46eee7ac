"""A diagnosis in words, for the terminal and for the page."""

from __future__ import annotations

import math

from .diagnosis import Diagnosis, Phase


def facts(found: Diagnosis) -> list[tuple[str, str]]:
    """What is known of a network, as names and words; one line each."""
    lines = []
    if found.depth_over_width is not None:
        lines.append(
            ("shape", f"{found.depth} hidden layers of width {found.width:.4g}: L/n = {found.depth_over_width:.2g}")
        )
    if (phase := found.phase) is not None:
        lines.append(("phase", phase_words(phase)))
        if phase.critical_weight_variance is None:
            lines.append(("critical", f"nowhere: {phase.reason}"))
        else:
            point = f"C_W = {phase.critical_weight_variance:.6g}, C_b = {phase.critical_bias_variance:.6g}"
            lines.append(("critical", f"{point}: {phase.reason}"))
    if found.spreads:
        words = ", ".join(f"{100 * value:.2g} % {name}" for name, value in found.spreads.items())
        lines.append(("seeds", f"tangent kernels differ by {words}"))
    if (rate := found.learning_rate) is not None:
        seeds = f" over {rate.networks} networks" if rate.networks > 1 else ""
        words = f"below {rate.ceiling} (λ_max = {rate.eigenvalue.mean} on {rate.samples} inputs{seeds})"
        lines.append(("learning rate", words))
    if found.ceilings:
        lines.append(("steps overshoot", f"above a rate of {ceiling_words(found)}"))
    if found.weights:
        lines.append(("weights", f"look like {found.weights}"))
    return [*lines, ("inputs", found.inputs)]


def ceiling_words(found: Diagnosis) -> str:
    """The largest rates by loss, with what momentum allows in brackets."""
    parts: dict[str, str] = {}
    for name, value in found.ceilings.items():
        loss, _, momentum = name.partition(", ")
        parts[loss] = f"{parts[loss]} ({value:.2g} with {momentum})" if momentum else f"{value:.2g} for {loss}"
    return ", ".join(parts.values())


def phase_words(phase: Phase) -> str:
    """The phase with its correlation length and the depth it allows."""
    if phase.name == "critical":
        length = "signals and gradients pass, at most as a power of depth"
    else:
        depth = f"{phase.trainable_depth:.0f}"
        length = f"correlation length {phase.angle_length:.2g} layers, trainable to {depth} hidden layers"
    fixed = "∞" if math.isinf(phase.kernel) else f"{phase.kernel:.4g}"
    return f"{phase.name}: {length} (χ∥ = {phase.parallel:.3f}, χ⊥ = {phase.perpendicular:.3f}, K* = {fixed})"
