"""Real processes with an environment of their own: what a setting does is seen where it works."""

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from http.client import HTTPMessage
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
# What Common Ground itself reads; a test names what it wants of it.
OURS = [
    "AUDIT_MAIL", "BASE_URL", "CACHE_URL", "DATABASE_URL", "DATA_DIR", "DEBUG", "DEFAULT_FROM_EMAIL", "DJANGO_SETTINGS_MODULE",
    "EMAIL_TIMEOUT", "EMAIL_URL", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET", "OIDC_DOMAINS", "OIDC_ISSUER", "OIDC_NAME",
    "OIDC_SECOND_FACTOR", "PORT", "PROXY_COUNT", "SECOND_FACTOR", "SECRET_KEY", "STORAGE_URL", "TIME_ZONE",
]  # fmt: skip
STRONG = {
    "BASE_URL": "https://ground.example.org",
    "SECRET_KEY": secrets.token_urlsafe(64),
    "EMAIL_URL": "smtp+tls://ground:secret@mail.example.org",
}


def environment(data: Path, **ours: str) -> dict[str, str]:
    """The environment of this process with nothing of ours in it but what is given."""
    there = {name: value for name, value in os.environ.items() if name not in OURS}
    path = f"{BIN}:{there.get('PATH', '')}"
    return there | {"PATH": path, "DATA_DIR": str(data), "PYTHONUNBUFFERED": "1"} | ours


def run(*command: str, data: Path, **ours: str) -> subprocess.CompletedProcess[str]:
    """To its end, both outputs in one."""
    return subprocess.run(
        command, cwd=ROOT, env=environment(data, **ours), text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120
    )


def python(code: str, *, data: Path, **ours: str) -> str:
    """What a few lines print once Django is set up; a failure shows why."""
    done = run(
        sys.executable,
        "-c",
        f"import django; django.setup()\n{code}",
        data=data,
        DJANGO_SETTINGS_MODULE="config.settings",
        **ours,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout.strip()


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def until(found: Callable[[], object], seconds: float = 60) -> object:
    """Ask until there is an answer."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if answer := found():
            return answer
        time.sleep(0.1)
    raise AssertionError(f"not there after {seconds} seconds")


def accepts(port: int) -> bool:
    with socket.socket() as caller:
        return caller.connect_ex(("127.0.0.1", port)) == 0


@contextlib.contextmanager
def running(command: Sequence[str], *, env: dict[str, str], log: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """A process that listens, in a session of its own; ended afterwards with all that it started."""
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=output, stderr=output, start_new_session=True)
    try:
        until(lambda: accepts(port) or process.poll() is not None)
        assert process.poll() is None, log.read_text()
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: object) -> None:  # type: ignore[override]
        return None


def get(port: int, path: str = "/", **headers: str) -> tuple[int, HTTPMessage, str]:
    """Status, headers and text of one request, redirects not followed."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}", headers={name.replace("_", "-"): value for name, value in headers.items()}
    )
    try:
        with urllib.request.build_opener(NoRedirect).open(request, timeout=60) as answer:
            return answer.status, answer.headers, answer.read().decode(errors="replace")
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read().decode(errors="replace")


def gunicorn(port: int) -> list[str]:
    """The web process of the Procfile, at another port."""
    line = next(line for line in (ROOT / "Procfile").read_text().splitlines() if line.startswith("web:"))
    words = line.removeprefix("web:").replace("${PORT:-8000}", str(port)).split()
    return [word for word in words if word != "exec"]
