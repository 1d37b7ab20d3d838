"""A provider of single sign-on that nobody here wrote, as a process, and somebody's browser at it."""

import re
import subprocess
from urllib.parse import urlsplit

import requests
from django.test import Client

from tests import processes
from tests.house import ROOT
from tests.reading import soup

BEGIN, RETURN = "/accounts/login/provider/", "/accounts/login/provider/return/"
BACK = f"http://127.0.0.1:8000{RETURN}"  # where the site of the tests believes to be
NAME = "Agency sign-in"
CLIENT, SECRET = "common ground", "a secret: with / signs & a space, 32 or more"  # as tests/provider/provider.mjs has them


class Provider:
    """npm's oidc-provider. It vouches for any account that somebody types, which is their address."""

    def __init__(self, back: str = BACK) -> None:
        self.port = processes.free_port()
        self.issuer = f"http://127.0.0.1:{self.port}"
        command = ["node", "tests/provider/provider.mjs", str(self.port), back]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        processes.wait_for(self.answers)

    def answers(self) -> bool:
        assert self.process.poll() is None, "node tests/provider/provider.mjs ended: script/bootstrap --tools installs it"
        try:
            return requests.get(f"{self.issuer}/.well-known/openid-configuration", timeout=5).ok
        except requests.RequestException:
            return False

    def kill(self) -> None:
        """kill -9."""
        self.process.kill()
        self.process.wait(30)


class Visitor:
    """Somebody with two windows: one at our site, one at the provider, where they stay signed in."""

    def __init__(self, account: str = "nora@example.org", client: Client | None = None) -> None:
        self.account, self.client, self.there = account, client or Client(), requests.Session()

    def begin(self, goal: str = "") -> str:
        """Choose the button; the address that one is led to."""
        answer = self.client.post(BEGIN + (f"?next={goal}" if goal else ""))
        assert answer.status_code == 200, answer.content.decode()
        (way,) = [each["href"] for each in soup(answer).select("main a.btn")]
        assert answer["Refresh"] == f"0; url={way}"
        return str(way)

    def go(self, way: str, *, second: bool = False, cancel: bool = False) -> str:
        """At the provider: type one's account where it asks. The address of our site that it leads back to."""
        answer = self.there.get(way, allow_redirects=False, timeout=10)
        while True:
            while answer.is_redirect:
                onward = requests.compat.urljoin(answer.url, answer.headers["Location"])
                if urlsplit(onward).path == RETURN:
                    return onward.removeprefix("http://127.0.0.1:8000")
                answer = self.there.get(onward, allow_redirects=False, timeout=10)
            assert answer.ok and "<form" in answer.text, answer.text
            self.hint = re.search(r'name="account" value="([^"]*)"', answer.text)[1]
            typed = {"account": self.account, "go": "no" if cancel else "in"} | ({"second": "on"} if second else {})
            answer = self.there.post(answer.url, typed, allow_redirects=False, timeout=10)

    def come_in(self, goal: str = "", **done: bool):
        """The whole way; the answer at its end."""
        return self.client.get(self.go(self.begin(goal), **done))
