"""Files that are kept: named by their hash, whole or not there, never overwritten."""

import hashlib
import os
import tempfile
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage


def name_of(digest: str, ending: str) -> str:
    """What a file with this SHA-256 is called."""
    return f"{digest[:2]}/{digest}.{ending}"


def keep(content: bytes, ending: str) -> str:
    """Store content and give its name, `ab/ab12….pdf`. The same content twice is one file.

    On a disk: temporary name, fsync, rename, so that no crash and no full disk leaves half a file under the final name.
    Raises OSError when the disk is full or away; then nothing is there.
    """
    name = name_of(hashlib.sha256(content).hexdigest(), ending)
    if default_storage.exists(name):
        return name
    if isinstance(default_storage._wrapped if hasattr(default_storage, "_wrapped") else default_storage, FileSystemStorage):
        _whole(Path(default_storage.path(name)), content)
    else:
        default_storage.save(name, ContentFile(content))
    return name


def read(name: str) -> bytes:
    """The content of a kept file. Raises FileNotFoundError."""
    with default_storage.open(name) as kept:
        data: bytes = kept.read()
    return data


def drop(name: str) -> None:
    """Remove a kept file. What is not there is no error. Whether anything still needs it is for the caller to know."""
    default_storage.delete(name)


def _whole(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".part-")
    try:
        with os.fdopen(handle, "wb") as part:
            part.write(content)
            part.flush()
            os.fsync(part.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
