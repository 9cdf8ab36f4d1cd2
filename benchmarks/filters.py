"""Compare the decisions of the filter sets with those of datatrove's filters, rule by rule.

Usage: python benchmarks/filters.py FOLDER --datatrove PYTHON [--examples 3]

FOLDER has a text a file (`*.txt`), in English. PYTHON is that of an environment with datatrove, spacy and
nltk. Prints a row a rule: texts that both keep, that both drop, that ours alone or datatrove alone drops;
and the first files of each disagreement. Blank lines are taken out beforehand, as paragraph dedup does.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parent))

from rules_on_texts import Page, dropped, measured

from jobs.steps.curate import filters
from jobs.steps.report.run_summary import aligned

SETS = ("gopher", "c4", "fineweb")
PEER = Path(__file__).parent / "bare" / "datatrove_rules.py"


def theirs(python: str, texts: Sequence[str]) -> list[dict[str, bool]]:
    """Return datatrove's decisions on each text by the names of our rules."""
    lines = "".join(json.dumps(text) + "\n" for text in texts)
    command = [python, str(PEER)]
    found = subprocess.run(command, input=lines, stdout=subprocess.PIPE, text=True, check=True)
    return [json.loads(line) for line in found.stdout.splitlines()]


def without_blank_lines(text: str) -> str:
    """Return the lines of a text that have any text."""
    return "\n".join(line for line in text.splitlines() if line.strip())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="folder with a text a file")
    parser.add_argument(
        "--datatrove", required=True, help="python of an environment with datatrove"
    )
    parser.add_argument("--examples", type=int, default=0, help="files to name (default 0)")
    options = parser.parse_args()
    paths = sorted(options.folder.glob("*.txt"))
    texts = [without_blank_lines(path.read_text(encoding="utf-8")) for path in paths]
    ours = dropped(measured([Page(text) for text in texts]), filters.load(SETS))
    peers = theirs(options.datatrove, texts)
    table: dict[str, Counter[tuple[bool, bool]]] = defaultdict(Counter)
    examples: dict[tuple[str, bool], list[str]] = defaultdict(list)
    for path, names, peer in zip(paths, ours, peers, strict=True):
        for rule, drops in peer.items():
            table[rule][rule in names, drops] += 1
            if (rule in names) != drops:
                examples[rule, rule in names].append(path.stem)
    rows = [[f"{len(texts)} texts", "keep", "drop", "ours alone drops", "datatrove alone drops"]]
    cells = ((False, False), (True, True), (True, False), (False, True))
    rows += [[rule, *(str(found[cell]) for cell in cells)] for rule, found in table.items()]
    print("\n".join(aligned(rows, left=[0])))
    for (rule, by_ours), names_ in sorted(examples.items()) if options.examples else ():
        who = "ours" if by_ours else "datatrove"
        print(f"{rule}, {who} alone: {', '.join(names_[: options.examples])}")


if __name__ == "__main__":
    main()
