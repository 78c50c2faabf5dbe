"""Floating-point formats, and rounding to them."""

from typing import NamedTuple

import numpy as np

from . import _logitlab


class Format(NamedTuple):
    """A format: its name, other names, bits, precision, largest number, unit roundoff."""

    name: str
    aliases: list
    bits: int
    precision: int
    largest: float
    unit_roundoff: float


def formats():
    """Every format, narrow ones first.

    >>> [f.bits for f in formats() if f.name == "bf16"]
    [16]
    """
    return [Format(*one) for one in _logitlab.formats()]


def round(x, target):
    """Numbers rounded correctly, once, to a format such as "bf16" or a target such as "e4m3fn".

    >>> round(0.3, "e4m3fn")
    0.3125
    >>> round([0.1, 1000.0], "bf16").tolist()
    [0.10009765625, 1000.0]
    """
    values = np.asarray(x, np.float64)
    rounded = np.array(_logitlab.round(values.reshape(-1).tolist(), target)).reshape(values.shape)
    return float(rounded) if values.ndim == 0 else rounded
