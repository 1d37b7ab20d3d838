"""HTML of ours to a tagged PDF, in a child process with limits that fetches nothing. The only door to WeasyPrint."""

import subprocess
import sys
from pathlib import Path

from django.conf import settings

SECONDS = 60  # of wall time; a long text takes 3, a hostile one is ended
MEGABYTES = 1500  # of address space, of which a long text uses 100 as memory


class PdfError(Exception):
    """No PDF was made. The sentence says why."""


def make(html: str, *, made: str) -> bytes:
    """A PDF/A-3a of `html`, whose style sheets and fonts are ours (`cg:` addresses only).

    `made` is the moment that stands in the file, `2026-09-01T10:00:00Z`: the same html and moment give the same bytes.
    Raises PdfError when WeasyPrint's libraries are absent, or the child passed its limits or failed.
    """
    command = [sys.executable, "-m", "core.pdf.child", made, str(SECONDS), str(MEGABYTES)]
    try:
        done = subprocess.run(  # noqa: S603 - our own program, no shell, nothing of a user's in the arguments
            command, input=html.encode(), capture_output=True, timeout=SECONDS, cwd=Path(settings.BASE_DIR), check=False
        )
    except subprocess.TimeoutExpired:
        raise PdfError(f"The PDF took longer than {SECONDS} seconds and was given up.") from None
    if done.returncode:
        last = done.stderr.decode(errors="replace").strip().rsplit("\n", 1)[-1][:300]
        raise PdfError(f"The PDF was not made: {last or f'the child ended with {done.returncode}'}")
    return done.stdout
