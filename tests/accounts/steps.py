"""An authenticator app, as a person has it on the phone: for tests of the second step."""

import re
import time

from django.test import Client

from accounts import codes
from accounts.models import User
from tests.conftest import PASSWORD

ADD, SECOND = "/accounts/second-step/app/", "/accounts/login/second/"


class App:
    """The secret that the page showed, and the codes that follow from it."""

    def __init__(self, secret: str) -> None:
        self.secret = secret

    def code(self, ahead: int = 0) -> str:
        """What it shows now, or so many half minutes from now."""
        return codes.code_at(self.secret, int(time.time()) // 30 + ahead)

    @property
    def wrong(self) -> str:
        """Six figures that it shows neither now nor just before or after."""
        near = {self.code(n) for n in range(-2, 3)}
        return next(f"{n:06}" for n in range(10) if f"{n:06}" not in near)


def set_up(client: Client) -> App:
    """As somebody who is signed in: read the key from the page, type the code of the half minute before this one.

    So that the code of now is still there to come in with.
    """
    page = client.get(ADD).content.decode()
    app = App(re.search(r'<code class="hash">([A-Z2-7]{32})</code>', page)[1])
    answer = client.post(ADD, {"code": app.code(-1)})
    assert answer.status_code == 302, answer.content.decode()
    return app


def with_app(user: User) -> App:
    """Somebody who has set one up, in another browser than that of the test."""
    client = Client()
    client.force_login(user)
    return set_up(client)


def password(client: Client, user: User, word: str = PASSWORD):
    return client.post("/accounts/login/", {"login": user.email, "password": word})


def come_in(client: Client, user: User, code: str):
    """Both steps; the answer to the second."""
    password(client, user)
    return client.post(SECOND, {"code": code})


def inside(client: Client) -> bool:
    return client.get("/desk/me/").status_code == 200
