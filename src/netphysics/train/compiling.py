"""Compiling: how hard the compiler tries, since its time is part of what a user waits for."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import equinox as eqx
import jax

OPTIMIZATION = "xla_backend_optimization_level"


def compiled(function: Callable | None = None, *, once: bool = False, donate: str = "none") -> Callable:
    """`eqx.filter_jit` for networks that train, and with `once` for what is called a few times only.

    On CPUs level 1 of 3 makes loops of training steps as fast as the highest one, and takes 60 % of the time to
    compile. Level 0 takes 30 to 50 %, and such a program is two to five times slower.
    """
    if function is None:
        return functools.partial(compiled, once=once, donate=donate)

    @functools.cache
    def program() -> Callable:
        # Not before the first call: whoever only imports a module must not start a device.
        options = {OPTIMIZATION: 0 if once else 1} if jax.default_backend() == "cpu" else None
        # Equinox hands options on to jax.jit, and its overloads do not say so.
        return eqx.filter_jit(  # type: ignore[call-overload]
            function, donate=donate, compiler_options=options
        )

    @functools.wraps(function)
    def call(*arguments: Any, **named: Any) -> Any:
        return program()(*arguments, **named)

    return call
