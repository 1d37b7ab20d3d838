"""A whole site for a journey: data of its own, a web server, a worker, mail in files. Nothing is shared with the tests."""

import email
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from email import policy
from pathlib import Path
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Site:
    """Started with start(), ended with stop(); manage() runs a command on its data."""

    def __init__(self, *, copy_of: Path | None = None, **environment: str) -> None:
        self.data = Path(tempfile.mkdtemp(prefix="journey-"))
        if copy_of:
            shutil.copytree(copy_of, self.data, dirs_exist_ok=True)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        keep = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}}
        self.environment = {**keep, "DATA_DIR": str(self.data), "BASE_URL": self.url, **environment}
        self.children: list[subprocess.Popen[bytes]] = []
        self.log = (self.data / "log").open("wb")

    def manage(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments], cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
        return done.stdout

    def start(self) -> "Site":
        gunicorn = ["-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{self.port}", "--worker-class", "gthread"]
        for command in ([*gunicorn, "--threads", "4", "--no-control-socket"], ["manage.py", "db_worker", "--interval", "0.2"]):
            self.children.append(
                subprocess.Popen([sys.executable, *command], cwd=ROOT, env=self.environment, stdout=self.log, stderr=self.log)
            )
        deadline = time.monotonic() + 180
        while True:
            try:
                with urlopen(f"{self.url}/accounts/login/", timeout=60) as answer:
                    assert answer.status == 200
                return self
            except OSError:
                assert time.monotonic() < deadline, (self.data / "log").read_text()[-4000:]
                time.sleep(0.2)

    def stop(self) -> None:
        for child in self.children:
            child.send_signal(signal.SIGTERM)
        for child in self.children:
            try:
                child.wait(timeout=30)
            except subprocess.TimeoutExpired:  # a crowded machine: nothing that was started here stays
                child.kill()
                child.wait()
        self.log.close()
        shutil.rmtree(self.data, ignore_errors=True)

    def mails_to(self, address: str) -> list[email.message.EmailMessage]:
        """Every mail that has left for an address, the oldest first."""
        found = []
        for path in sorted((self.data / "mail").glob("*.log"), key=lambda path: path.stat().st_mtime):
            for raw in path.read_bytes().split(b"\n" + b"-" * 79 + b"\n"):
                if raw.strip():
                    mail = email.message_from_bytes(raw, policy=policy.default)
                    if mail["To"] == address:
                        found.append(mail)
        return found

    def wait_for_mail(self, address: str, subject: str, *, after: int = 0, seconds: float = 30) -> email.message.EmailMessage:
        """The newest mail with these words in its subject, beyond the first `after` mails, as soon as it has left."""
        deadline = time.monotonic() + seconds
        while True:
            found = [mail for mail in self.mails_to(address)[after:] if subject in mail["Subject"]]
            if found:
                return found[-1]
            assert time.monotonic() < deadline, (
                f"no mail “{subject}” to {address}; log:\n{(self.data / 'log').read_text()[-3000:]}"
            )
            time.sleep(0.2)


def link_in(mail: email.message.EmailMessage) -> str:
    """The one link of a mail's plain text."""
    body = mail.get_body(("plain",))
    assert body is not None
    links = re.findall(r"https?://\S+", body.get_content())
    assert len(links) == 1, links
    return links[0]
