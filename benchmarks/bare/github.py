"""GitHub: gzip, a JSON parser, V1's regular expression and statistics, and the tokenizer.

`python benchmarks/bare/github.py FILE.json.gz [MEGABYTES]` writes a dump to measure with: source files of
this Python and its packages.
"""

from __future__ import annotations

import gzip
import re
import site
import sys
import sysconfig
from collections.abc import Iterator, Sequence
from pathlib import Path

import orjson

sys.path.insert(0, str(Path(__file__).parents[2]))

from udfs.extract.source_code import WHITELIST
from udfs.tokens.tokenizer import tokenizer_path

_BLOCK = re.compile(r"/\*[^*]*\*+(?:[^/*][^*]*\*+)*/")


def bare(paths: Sequence[Path]) -> int:
    """Return the number of characters of the files that V1's rules keep."""
    import sentencepiece

    processor = sentencepiece.SentencePieceProcessor(model_file=str(tokenizer_path()))
    characters = 0
    for path in paths:
        with gzip.open(path) as stream:
            for line in stream:
                record = orjson.loads(line)
                text = _cleaned(record["content"])
                if not text or not record["path"].endswith(WHITELIST):
                    continue
                lengths = list(map(len, text.splitlines()))
                if max(lengths) > 1000 or len(text) / len(lengths) > 100:
                    continue
                if sum(map(str.isalnum, text)) / len(text) < 0.25:
                    continue
                if sum(map(str.isalpha, text)) / len(processor.encode(text)) >= 1.5:
                    characters += len(text)
    return characters


def _cleaned(text: str) -> str:
    block = _BLOCK.search(text)
    if block:
        notice = "copyright" in block[0].lower()
        return text[: block.start()] + text[block.end() :] if notice else text
    lines = text.split("\n")
    skipped = 0
    while skipped < len(lines) and (
        not lines[skipped] or lines[skipped].startswith(("//", "#", "--"))
    ):
        skipped += 1
    return "\n".join(lines[skipped:])


def sources(size: int) -> Iterator[bytes]:
    """Yield records in BigQuery's form, of about `size` bytes in total."""
    folders = [sysconfig.get_paths()["stdlib"], *site.getsitepackages()]
    files = {path for folder in folders for path in Path(folder).rglob("*") if path.is_file()}
    for number, path in enumerate(sorted(files)):
        # every third file, to have some of each package
        if number % 3 or path.suffix in (".pyc", ".so") or path.stat().st_size > 1 << 20:
            continue
        try:
            content = path.read_bytes().decode()
        except UnicodeDecodeError:
            continue
        record = {
            "content": content,
            "id": f"{number:040x}",
            "repo_name": "python/packages",
            "ref": "refs/heads/master",
            "path": str(path).lstrip("/"),
            "mode": "33188",
            "size": str(len(content)),
            "binary": False,
            "copies": "1",
            "license": "mit",
            "language": [{"name": "Python", "bytes": "1"}],
        }
        yield orjson.dumps(record) + b"\n"
        size -= len(content)
        if size < 0:
            return


if __name__ == "__main__":
    megabytes = int(sys.argv[2]) if len(sys.argv) > 2 else 20
    with gzip.open(sys.argv[1], "wb") as dump:
        dump.writelines(sources(megabytes * 10**6))
