"""Compile the very functions of ``step`` (and the one that rounds), and the loops over rows, for arrays.

Numba compiles a function together with the global names it calls, so each function is rebuilt here from its own code
object with those names bound to the compiled ones. Nothing is written twice: ``step.py`` stays the only text.
"""

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import FunctionType
from typing import Any

from tuodi.assessment import step
from tuodi.assessment.columnar import loop, texts
from tuodi.kernel import money

_SOURCES = [Path(str(module.__file__)) for module in (money, step, texts, loop)] + [Path(__file__)]


def _cache_folder() -> Path:
    """Return a folder for compiled code that no other text of these sources shares.

    Numba looks only at a function's own file when it decides whether cached code is stale; a change of the rounding
    would go unnoticed. A folder named after the hash of all sources cannot be stale.
    """
    digest = hashlib.sha256(b"".join(source.read_bytes() for source in _SOURCES)).hexdigest()[:16]
    name = f"tuodi-{digest}"
    chosen = os.environ.get("NUMBA_CACHE_DIR")
    if chosen and Path(chosen).name == name:
        return Path(chosen)
    # Without a home (RuntimeError) or without the right to write there the code is compiled for this run alone.
    with contextlib.suppress(OSError, RuntimeError):
        folder = Path(chosen or os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / name
        folder.mkdir(parents=True, exist_ok=True)
        if os.access(folder, os.W_OK):
            return folder
    # A folder nobody else can put code into.
    return Path(tempfile.mkdtemp(prefix=name))


os.environ["NUMBA_CACHE_DIR"] = str(_cache_folder())

# Numba reads the variable above when it is imported.
from numba import njit  # noqa: E402

# Nothing here allocates, so counting references (_nrt) only costs: without it the loop is several times faster. Numba
# refuses to compile a function that allocates with that option, so it cannot go wrong unnoticed.
_OPTIONS = {"cache": True, "nogil": True, "error_model": "numpy", "forceinline": True, "_nrt": False}


def _compile(function: Callable[..., Any], done: dict[str, Callable[..., Any]]) -> Callable[..., Any]:
    """Compile a function of plain integers and arrays; ``done`` are the compiled functions it may call."""
    plain = FunctionType(function.__code__, {**function.__globals__, **done}, function.__name__, function.__defaults__)
    plain.__module__ = function.__module__
    plain.__qualname__ = function.__qualname__
    dispatcher: Callable[..., Any] = njit(**_OPTIONS)(plain)
    return dispatcher


def _compile_all() -> dict[str, Callable[..., Any]]:
    done: dict[str, Callable[..., Any]] = {}
    for module in (step, texts, loop):
        for name in module.COMPILED_TOGETHER:
            done[name] = _compile(getattr(module, name), done)
    return done


COMPILED = _compile_all()
"""Every function of ``step``, ``texts`` and ``loop`` that works on arrays, compiled, by its name."""
