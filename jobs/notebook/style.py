"""Colours and style of the notebooks' plots."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from types import MappingProxyType
from typing import Any, ParamSpec

from matplotlib import pyplot as plt

P = ParamSpec("P")

# Okabe and Ito's palette, which is safe for colour-blind readers
BLUE, ORANGE, GREEN, VERMILION = "#0072B2", "#E69F00", "#009E73", "#D55E00"
SKY, GREY, PALE = "#56B4E9", "#999999", "#CCCCCC"
BUCKET_COLOURS = {"head": BLUE, "middle": ORANGE, "tail": VERMILION, "all": GREY}

STYLE: Mapping[Any, Any] = MappingProxyType(
    {
        "axes.axisbelow": True,
        "axes.grid": True,
        "axes.spines.right": False,
        "axes.spines.top": False,
        "axes.titlelocation": "left",
        "figure.constrained_layout.use": True,
        "figure.dpi": 100,
        "font.size": 10,
        "grid.alpha": 0.3,
        "legend.frameon": False,
    }
)


def shown(plot: Callable[P, None]) -> Callable[P, None]:
    """Draw with the style of the notebooks, and show the figure."""

    @wraps(plot)
    def drawn(*arguments: P.args, **named: P.kwargs) -> None:
        with plt.rc_context(dict(STYLE)):
            plot(*arguments, **named)
            plt.show()

    return drawn
