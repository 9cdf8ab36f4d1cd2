"""Script for spark-submit where the wheel is installed: `spark-submit redpajama.py ingest c4 ...`.

It has the commands of `redpajama`; spark-submit recognises Python by the suffix of the file.
"""

import sys

from jobs.cli import main

if __name__ == "__main__":
    sys.exit(main())
