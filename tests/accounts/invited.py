"""Steps of somebody who was invited: the links in their mail, the answer, the password."""

import re
from typing import Any

from django.test import Client

from accounts.models import Invitation
from core.jobs import run_jobs
from partnerships import actions as partnerships

NEW = "four words nobody guesses"
HERE = "/accounts/invitation/"


def invite(cast: Any, name: str = "Ines New", email: str = "ines@agency.example", **facts: Any) -> Invitation:
    """By Cora, as a reviewer of the agency."""
    given = {"organisation": cast.agency, "role": "reviewer", "by": cast.cora, **facts}
    partnerships.invite_member(name=name, email=email, **given)
    return Invitation.objects.get(email=email)


def link_in(mail: Any) -> str:
    """The one address in the text of a mail."""
    (link,) = re.findall(r"^http\S+$", mail.body, re.M)
    return str(link).removeprefix("http://127.0.0.1:8000")


def link_to(mails: Any, email: str) -> str:
    """Of the newest mail to an address, after every job has run."""
    run_jobs()
    return link_in([mail for mail in mails if mail.to == [email]][-1])


def opened(client: Client, link: str) -> Any:
    """The page behind the link of an invitation."""
    return client.get(link, follow=True)


def answer(client: Client, link: str) -> Any:
    """Open it and press the button."""
    page = opened(client, link)
    shown = re.findall(r'name="shown" value="(\w+)"', page.content.decode())
    return client.post(HERE, {"shown": shown[0] if shown else ""}, follow=True)


def set_password(client: Client, link: str, password: str = NEW) -> Any:
    form = client.get(link, follow=True).redirect_chain[-1][0]
    return client.post(form, {"password1": password, "password2": password}, follow=True)


def can_sign_in(email: str, password: str = NEW) -> bool:
    return Client().post("/accounts/login/", {"login": email, "password": password}).status_code == 302
