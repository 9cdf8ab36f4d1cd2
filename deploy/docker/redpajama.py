"""What spark-submit runs where the wheel is installed: `spark-submit redpajama.py ingest c4 ...`.

The same commands as `redpajama`; spark-submit tells Python from Java by the name's end.
"""

import sys

from jobs.cli import main

if __name__ == "__main__":
    sys.exit(main())
