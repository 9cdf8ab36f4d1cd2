"""Extract pages with trafilatura: JSON lines with `html` on standard input.

Runs in trafilatura's own environment, which needs nothing else.
"""

from __future__ import annotations

import json
import sys
import time


def main() -> None:
    """Print the processor time of extraction alone and the characters of the texts, as JSON."""
    from trafilatura import extract

    pages = [json.loads(line)["html"] for line in sys.stdin]
    extract(pages[0])
    began = time.process_time()
    characters = sum(len(extract(page) or "") for page in pages)
    print(json.dumps({"seconds": time.process_time() - began, "characters": characters}))


if __name__ == "__main__":
    main()
