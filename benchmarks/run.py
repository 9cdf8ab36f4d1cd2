"""Measure the stages from web archives to a mixture, at several sizes and numbers of cores.

Usage: python benchmarks/run.py [--source FOLDER] [--models DIR] [--output RESULT.json]
       python benchmarks/run.py compare OLD.json NEW.json
       python benchmarks/run.py tables RESULT.json [--plot PLOT.svg]

Without `--source`, a folder of `*.warc.gz`, pages are generated. The archives are multiplied, each copy with
distinct words, to 1, 4 and 16 times their size. Each size runs on 1 and 2 cores in a process of its own:
a session with one count, the stages, and what Spark takes to read and write the rows of curate and mix.
Beside them runs a bare loop of fastwarc and resiliparse over the same archives, and with `--peer
trafilatura=PYTHON` and `--peer datatrove=PYTHON` those projects, in their environments.

`compare` exits with 1 if a cost has passed its threshold in `thresholds.yaml`. Costs are ratios of processor
times of one run, so results of two machines can be compared.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parent))

import yaml
from suite import data, peers, plot, results, stages

THRESHOLDS = Path(__file__).parent / "thresholds.yaml"


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Return the result of all sizes on all numbers of cores; print each as it is done."""
    with tempfile.TemporaryDirectory(prefix="redpajama-benchmark-", dir=options.work) as name:
        folder = Path(name)
        archives = data.base(options.source, folder)
        environments = dict(peer.split("=", 1) for peer in options.peer)
        # before what takes long: their environments may lack something
        result: dict[str, Any] = {"pages": 0, "runs": []}
        result["peers"] = peers.measured(environments, archives, options.peer_pages)
        copies = data.multiplied(archives, max(options.sizes), folder)
        for size in options.sizes:
            paths = [str(path) for copy in copies[:size] for path in copy]
            for cores in options.cores:
                result["runs"].append(_one(paths, size, cores, folder / "root", options.models))
        first = result["runs"][0]
        result["pages"] = round(first["stages"]["paragraphs"]["documents"] / first["size"])
    return result


def _one(
    paths: Sequence[str], size: int, cores: int, root: Path, models: str | None
) -> dict[str, Any]:
    """Return what the stages and the bare loop take over archives on so many cores."""
    task = {"archives": list(paths), "root": f"{root}-{size}-{cores}", "models": models}
    seconds = stages.in_process({**task, "side": "bare"}, cores)
    seconds = {**stages.in_process({**task, "side": "ours"}, cores), **seconds}
    whole = seconds["whole"]
    print(
        f"{size:>3}x, {cores} cores: {whole['processor']:7.1f} s of processor time, "
        f"{whole['wall']:6.1f} s",
        file=sys.stderr,
        flush=True,
    )
    return {"size": size, "cores": cores, "stages": seconds}


def compare(old: Path, new: Path) -> int:
    """Print what is worse; return the exit code."""
    thresholds = yaml.safe_load(THRESHOLDS.read_text(encoding="utf-8"))
    lines = results.worse(_read(old), _read(new), thresholds)
    print("\n".join(lines) or "no cost has passed its threshold")
    return 1 if lines else 0


def _read(path: Path) -> dict[str, Any]:
    result: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return result


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--source", type=Path, help="folder of WARCs, compressed record by record")
    parser.add_argument("--models", help="folder of perplexity models (none)")
    parser.add_argument("--sizes", type=int, nargs="+", default=[1, 4, 16], metavar="N")
    parser.add_argument("--cores", type=int, nargs="+", default=[1, 2], metavar="N")
    parser.add_argument("--peer", action="append", default=[], metavar="NAME=PYTHON")
    parser.add_argument("--peer-pages", type=int, default=500, metavar="N")
    parser.add_argument("--work", type=Path, help="folder for archives and roots (a temporary one)")
    parser.add_argument("--output", type=Path, help="write the result as JSON")
    return parser


def main(arguments: Sequence[str]) -> int:
    """Measure, compare or print tables."""
    if arguments[:1] == ["measure"]:  # in a process of its own
        print(json.dumps(stages.measured(json.loads(sys.stdin.read()))))
        return 0
    if arguments[:1] == ["compare"]:
        return compare(*map(Path, arguments[1:3]))
    if arguments[:1] == ["tables"]:
        result = _read(Path(arguments[1]))
        if arguments[2:3] == ["--plot"]:
            Path(arguments[3]).write_text(plot.svg(result), encoding="utf-8")
    else:
        options = _parser().parse_args(arguments)
        result = measure(options)
        if options.output:
            options.output.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print("\n".join(results.tables(result)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
