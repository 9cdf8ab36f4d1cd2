"""Write language models as ARPA text, which KenLM and other toolkits read."""

from __future__ import annotations

from typing import TextIO

from udfs.language_models.kneser_ney import Model


def write_arpa(model: Model, file: TextIO) -> None:
    """Write a model, the n-grams of each order sorted by their words so that equal models are equal.

    Probabilities and back-offs are log10 with seven digits, the precision of KenLM's single floats. The
    highest order has no back-offs.
    """
    orders = [sorted(rows) for rows in model.ngrams()]
    file.write("\\data\\\n")
    for order, rows in enumerate(orders, start=1):
        file.write(f"ngram {order}={len(rows)}\n")
    for order, rows in enumerate(orders, start=1):
        file.write(f"\n\\{order}-grams:\n")
        for words, log_prob, backoff in rows:
            end = f"\t{number(backoff)}" if order < len(orders) else ""
            file.write(f"{number(log_prob)}\t{words}{end}\n")
    file.write("\n\\end\\\n")


def number(value: float) -> str:
    """Return a logarithm with seven digits; zero is always `0`."""
    return f"{value:.7g}" if value else "0"
