"""How the files of the look are stored for production: hashed, compressed, and the stylesheet as one file."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from whitenoise.storage import CompressedManifestStaticFilesStorage

FOLDER = "core/css/"
IMPORT = re.compile(r'@import url\("([^"]+)"\);')


class OneStylesheet(CompressedManifestStaticFilesStorage):
    """index.css imports one file a component. On a slow line each costs a round trip, so they are collected as one."""

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        """As WhiteNoise does, after the imports were put in place."""
        if FOLDER + "index.css" in paths and not dry_run:
            whole = IMPORT.sub(lambda found: self._source(found[1]), self._source("index.css"))
            Path(self.path(FOLDER + "index.css")).write_text(whole)
            paths = paths | {FOLDER + "index.css": (self, FOLDER + "index.css")}
        yield from super().post_process(paths, dry_run, **options)

    def _source(self, name: str) -> str:
        """From where it is written, not from what was collected before: that may be the one file of last time."""
        return Path(str(finders.find(FOLDER + name))).read_text()
