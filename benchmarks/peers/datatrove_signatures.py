"""Make datatrove's MinHash signatures: JSON lines with `text` on standard input.

Runs in datatrove's own environment, with tokenizers, spacy, nltk and, for 0.10.1, xxhash below 4. Only
signatures are made, which take most of its deduplication.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time


def main() -> None:
    """Print the processor time of the signatures and the number of documents, as JSON."""
    from datatrove.data import Document
    from datatrove.pipeline.dedup.minhash import MinhashConfig, MinhashDedupSignature

    documents = [
        Document(text=json.loads(line)["text"], id=str(number))
        for number, line in enumerate(sys.stdin)
    ]
    with tempfile.TemporaryDirectory() as folder:
        signatures = MinhashDedupSignature(output_folder=folder, config=MinhashConfig())
        signatures.get_shingles(documents[0].text)  # loads its tokenizer
        began = time.process_time()
        signatures.run(iter(documents), 0, 1)
        print(json.dumps({"seconds": time.process_time() - began, "documents": len(documents)}))


if __name__ == "__main__":
    main()
