"""The shape of a cloud in words, for the terminal and the page."""

from __future__ import annotations

from .shape import Shape

NAMES = {1: "loops", 2: "voids", 3: "hollows of degree 3"}


def headline(found: Shape) -> str:
    """What the cloud is like, in one sentence."""
    space = found.suggestion.space
    betti = ", ".join(map(str, found.betti))
    numbers = f"Betti numbers {betti}, dimension {found.dimension.value}"
    if found.undecided:
        return f"These points do not decide the shape: {numbers}, as far as they tell."
    verb = "looks like" if found.suggestion.certain else "has"
    return f"The cloud {verb} {space}: {numbers}."


def facts(found: Shape) -> list[tuple[str, str]]:
    """Names and words of what was found."""
    return [
        ("cloud", f"{found.points:,} points in {found.columns} columns, {found.size:.3g} from their mean (rms)"),
        ("pieces", str(found.pieces) + (f", and {found.outliers} outliers" if found.outliers else "")),
        ("dimension", _dimension(found)),
        ("latent", _latent(found)),
        ("plain latent", _bound(found)),
    ]


def _dimension(found: Shape) -> str:
    extent = found.dimension
    if extent.fills:
        return (
            f"{extent.value}: the cloud extends alike in all directions, among {extent.neighbors} neighbors; by "
            f"nearest neighbors {extent.two_neighbors}"
        )
    if extent.guessed:
        return f"{extent.value}, by nearest neighbors ({extent.two_neighbors})"
    return (
        f"{extent.value}: along the cloud variances are {min(extent.gap, 1e6):.3g} times those across it, among "
        f"{extent.neighbors} neighbors; by nearest neighbors {extent.two_neighbors}"
    )


def _latent(found: Shape) -> str:
    suggestion = found.suggestion
    enough = "is enough" if suggestion.certain else "is always enough"
    plain = f"R{suggestion.plain} {enough}"
    if found.undecided:
        return f"undecided; R{2 * found.dimension.value + 1} is always enough"
    if not suggestion.matched:
        return f"no simple one matches; {plain}"
    if suggestion.matched == f"R{suggestion.plain}":
        return f"{plain}" if suggestion.certain else f"{suggestion.matched}: no hole was found that stands in the way"
    label = ", with a label for the piece" if found.pieces > 1 else ""
    return f"{suggestion.matched} matches{label}; a plain one of {suggestion.plain} numbers {enough}"


def _bound(found: Shape) -> str:
    latent, bound = f"R{found.dimension.value}", found.bound
    if not bound.value:
        return f"{latent}: {bound.argument}"
    return (
        f"{latent} has a worst error of at least {bound.value:.3g}, {bound.value / found.size:.0%} of the size of the "
        "cloud, however it is trained"
    )
