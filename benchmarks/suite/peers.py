"""What other projects take for the same pages, each in an environment of its own, beside this code."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

PEERS = Path(__file__).parents[1] / "peers"


def measured(
    environments: dict[str, str], archives: Sequence[Path], pages: int
) -> dict[str, dict[str, float]]:
    """Return processor seconds of each peer (`peer`) and of this code (`ours`) for the same work.

    Parameters
    ----------
    environments
        Python of each peer's environment, by name: trafilatura, datatrove.
    archives
        Their first pages are read.
    pages
        How many.
    """
    html = list(_pages(archives))[:pages] if environments else []
    found = {}
    for name, python in environments.items():
        program, work = _WORK[name]
        key, texts, ours = work(html)
        lines = "".join(json.dumps({key: text}) + "\n" for text in texts)
        command = [python, str(PEERS / program)]
        done = subprocess.run(command, input=lines, text=True, check=True, stdout=subprocess.PIPE)
        found[name] = {"peer": json.loads(done.stdout.splitlines()[-1])["seconds"], "ours": ours}
    return found


def _pages(archives: Sequence[Path]) -> Sequence[str]:
    from fastwarc.warc import ArchiveIterator, WarcRecordType
    from resiliparse.parse.encoding import bytes_to_str, detect_encoding

    pages = []
    for archive in archives:
        with archive.open("rb") as file:
            for record in ArchiveIterator(file, record_types=WarcRecordType.response):
                page = record.reader.read()
                pages.append(bytes_to_str(page, detect_encoding(page) or "utf-8"))
    return pages


def _extraction(html: Sequence[str]) -> tuple[str, Sequence[str], float]:
    _texts(html[:1])  # loads models, as a peer has before it measures
    return "html", html, _timed(lambda: _texts(html))


def _signatures(html: Sequence[str]) -> tuple[str, Sequence[str], float]:
    from udfs.near_duplicates import minhash_fast

    texts = _texts(html)
    minhash_fast.signatures(texts[:1])
    return "text", texts, _timed(lambda: minhash_fast.signatures(texts))


def _texts(html: Sequence[str]) -> list[str]:
    from udfs.extract import html as extractor
    from udfs.extract.errors import ExtractionError

    texts = []
    for page in html:
        try:
            texts.append(extractor.extract(page.encode("utf-8", "replace"), "text/html").text)
        except ExtractionError:  # an empty page, which a peer reads in no time either
            texts.append("")
    return texts


def _timed(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


_WORK = {
    "trafilatura": ("trafilatura_pages.py", _extraction),
    "datatrove": ("datatrove_signatures.py", _signatures),
}
