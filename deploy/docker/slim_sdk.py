"""Keep of AWS's SDK only the services that S3A calls.

Usage: python3 slim_sdk.py BUNDLE.JAR

The bundle has over 400 services in 686 MB. S3A needs S3, STS and KMS; SSO is for profiles of developers.
The rest of the jar stays as it is: S3A refers to libraries that only the bundle has, under names of its
own, so the SDK's single modules would not do.
"""

from __future__ import annotations

import re
import shutil
import sys
import zipfile
from pathlib import Path

SERVICES = ("kms", "s3", "sso", "ssooidc", "sts")

_OF_SERVICE = re.compile(r"software/amazon/awssdk/services/(\w+)/.")


def is_kept(name: str) -> bool:
    """Return whether a file of the jar is needed."""
    match = _OF_SERVICE.match(name)
    return match is None or match[1] in SERVICES


def slim(jar: Path) -> None:
    """Replace a jar by one without the other services.

    Raises
    ------
    ValueError
        The jar has none of them, so it is not the bundle.
    """
    smaller = jar.with_suffix(".part")
    with zipfile.ZipFile(jar) as old, zipfile.ZipFile(smaller, "w", zipfile.ZIP_DEFLATED) as new:
        entries = [entry for entry in old.infolist() if is_kept(entry.filename)]
        if len(entries) == len(old.infolist()):
            raise ValueError(f"{jar} has no services to leave out")
        for entry in entries:
            with old.open(entry) as source, new.open(entry, "w") as target:
                shutil.copyfileobj(source, target)
    smaller.replace(jar)


if __name__ == "__main__":
    slim(Path(sys.argv[1]))
