"""Write a whole file in one step, also where a mount refuses some of a disk's calls.

Mounts of object stores, such as Databricks' volumes, may have no hard links, no locks, no `fsync`, and times
of their own.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import shutil
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from jobs.storage.store import conflict

_SECOND = 10**9
_ATTEMPTS = 3
# answers of a mount that has no such call; EIO is not one of them, because a disk answers it for lost data
_NO_SUCH_CALL = (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EPERM, errno.EACCES)


@contextlib.contextmanager
def temporary(uri: str) -> Iterator[tuple[IO[bytes], str]]:
    """Open a temporary file in the folder of `uri`; remove it at the end if it was not renamed."""
    folder, name = os.path.split(os.path.abspath(uri))
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, f".{name}.{uuid.uuid4().hex}.tmp")
    try:
        with open(path, "xb") as stream:
            yield stream, path
    finally:
        with contextlib.suppress(FileNotFoundError):  # renamed
            os.unlink(path)


def sync_and_close(stream: IO[bytes]) -> None:
    """Close a file whose content is on the disk, or where the file system itself puts it."""
    sync(stream)
    stream.close()  # a Databricks volume may upload the content only now


def sync(stream: IO[bytes]) -> None:
    """Put a file's content on the disk, where the file system has a call for it.

    Raises
    ------
    OSError
        The content could not be written.
    """
    stream.flush()
    try:
        os.fsync(stream.fileno())
    except OSError as error:
        if error.errno not in _NO_SUCH_CALL:
            raise


@contextlib.contextmanager
def lock(folder: str) -> Iterator[None]:
    """Lock a folder, so that one process at a time compares a version and renames.

    The lock is on the folder itself: it leaves no lock file, and the kernel releases it when the
    process ends. A file system without such locks (NFS, FUSE) leaves a window of microseconds
    between comparison and rename.
    """
    with contextlib.ExitStack() as cleanup:
        with contextlib.suppress(OSError):
            descriptor = os.open(folder, os.O_RDONLY)
            cleanup.callback(os.close, descriptor)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield


def make_newer(path: str, than: int) -> None:
    """Give a file a time of modification after `than`, in nanoseconds.

    Times are versions, and two writes within one tick of the clock need different ones. Where the mount
    rounds times to seconds, the time becomes a later second; where it does not let one set them, the file
    is written again in the next second.

    Raises
    ------
    OSError
        The mount gives the file an earlier time whatever is done.
    """
    for wanted in (than + 1, (than // _SECOND + 2) * _SECOND):
        if os.stat(path).st_mtime_ns > than:
            return
        with contextlib.suppress(OSError):
            os.utime(path, ns=(wanted, wanted))
    for _ in range(_ATTEMPTS):
        if os.stat(path).st_mtime_ns > than:
            return
        time.sleep(1)
        Path(path).write_bytes(Path(path).read_bytes())
    if os.stat(path).st_mtime_ns <= than:
        raise OSError(
            f"{path}: the file system gives a new file an earlier time than the old one's"
        )


def rename_new(path: str, target: str) -> None:
    """Rename a finished file; raise Conflict if the target exists.

    Without hard links, the caller's own look is all that protects an existing target.
    """
    try:
        os.link(path, target)
    except FileExistsError:
        raise conflict(target) from None
    except OSError:  # each mount without hard links has another answer
        os.replace(path, target)


def move_folder(source: Path, target: Path, last: str) -> None:
    """Rename a folder, or copy its files where folders cannot be renamed.

    Parameters
    ----------
    last
        Name of the file that is copied last, which tells readers that the folder is complete.
    """
    try:
        source.rename(target)
    except OSError:
        if target.exists():
            raise
        files = [path for path in source.rglob("*") if path.is_file()]
        for file in sorted(files, key=lambda path: path.name == last):
            copy = target / file.relative_to(source)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, copy)
