"""Passkeys that lie: an old answer, another site's, another person's, a copy. The device is software, and so can do it."""

import hashlib
import json
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from fido2.cose import ES256
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

from accounts import codes
from accounts.models import User
from tests.accounts.steps import SECOND, inside, password
from tests.conftest import sign_in_for
from tests.reading import problems, soup

ADD, HERE = "/accounts/second-step/passkey/", "http://localhost"
FLAGS = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV


def plain(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


class Device:
    """A key of its own, and whatever a test wants it to say."""

    def __init__(self, counts: bool = True) -> None:
        self.key, self.id, self.used, self.counts = ec.generate_private_key(ec.SECP256R1()), os.urandom(16), 0, counts

    def said(self, kind: str, asked: dict[str, Any], origin: str) -> bytes:
        challenge = urlsafe_b64decode(asked["challenge"] + "==")
        return CollectedClientData.create(type=f"webauthn.{kind}", challenge=challenge, origin=origin)

    def count(self) -> int:
        self.used += self.counts
        return self.used

    def sent(self, **response: bytes) -> str:
        told = {name: plain(value) for name, value in response.items()}
        whole = {"id": plain(self.id), "rawId": plain(self.id), "type": "public-key", "response": told}
        return json.dumps(whole | {"clientExtensionResults": {}})

    def made(self, asked: dict[str, Any], origin: str = HERE, site: str = "localhost") -> str:
        public = ES256.from_cryptography_key(self.key.public_key())
        about = AttestedCredentialData.create(bytes(16), self.id, public)
        flags = FLAGS | AuthenticatorData.FLAG.AT
        data = AuthenticatorData.create(hashlib.sha256(site.encode()).digest(), flags, self.count(), about)
        return self.sent(
            clientDataJSON=self.said("create", asked, origin), attestationObject=AttestationObject.create("none", data, {})
        )

    def shown(
        self, asked: dict[str, Any], origin: str = HERE, site: str = "localhost", kind: str = "get", flags: int = FLAGS
    ) -> str:
        words = self.said(kind, asked, origin)
        data = AuthenticatorData.create(hashlib.sha256(site.encode()).digest(), flags, self.count())
        seal = self.key.sign(data + hashlib.sha256(words).digest(), ec.ECDSA(hashes.SHA256()))
        return self.sent(clientDataJSON=words, authenticatorData=data, signature=seal)


def browser() -> Client:
    """By name: there are no passkeys for numbers."""
    return Client(SERVER_NAME="localhost")


def asked_by(client: Client, address: str) -> dict[str, Any]:
    """What the page asks the browser, fresh."""
    return json.loads(soup(client.get(address)).select_one("#passkey-options").string)["publicKey"]


def set_up(user: User, device: Device) -> Device:
    client = browser()
    client.force_login(user)
    answer = client.post(ADD, {"name": "Mine", "credential": device.made(asked_by(client, ADD))})
    assert answer.status_code == 302, problems(answer)
    return device


def before_the_second_step(user: User) -> Client:
    client = browser()
    assert password(client, user)["Location"] == SECOND
    return client


@pytest.fixture
def nora(db) -> User:
    return sign_in_for("nora")


def refused(answer) -> bool:
    return answer.status_code == 200 and len(problems(answer)) == 1 and "_auth_user_id" not in answer.client.session


@pytest.mark.parametrize("counts", [True, False])
def test_the_device_of_these_tests_is_one(nora, counts):
    """Beside each lie below: made and shown as asked, it comes in, and comes in again."""
    device = set_up(nora, Device(counts))
    for _time in range(2):
        client = before_the_second_step(nora)
        assert client.post(SECOND, {"credential": device.shown(asked_by(client, SECOND))}).status_code == 302 and inside(client)


def test_an_answer_counts_once_and_for_the_page_that_asked(nora):
    device = set_up(nora, Device(counts=False))
    client = before_the_second_step(nora)
    answer = device.shown(asked_by(client, SECOND))
    assert client.post(SECOND, {"credential": answer}).status_code == 302
    for later in (before_the_second_step(nora), before_the_second_step(nora)):
        asked_by(later, SECOND)
        assert refused(later.post(SECOND, {"credential": answer}))
    unasked = before_the_second_step(nora)
    assert refused(unasked.post(SECOND, {"credential": answer}))


LIES = {
    "at a page that looks like ours": {"origin": "https://localhost.evil.example"},
    "at another site": {"origin": "https://evil.example", "site": "evil.example"},
    "in the clear": {"origin": "http://evil.example"},
    "for another name": {"site": "evil.example"},
    "made instead of shown": {"kind": "create"},
    "with nobody there": {"flags": 0},
}


@pytest.mark.parametrize("lie", LIES)
def test_what_was_shown_elsewhere_opens_nothing_here(nora, lie):
    device = set_up(nora, Device())
    client = before_the_second_step(nora)
    assert refused(client.post(SECOND, {"credential": device.shown(asked_by(client, SECOND), **LIES[lie])}))
    assert not inside(client)


@pytest.mark.parametrize("lie", [{"origin": "https://evil.example"}, {"site": "evil.example"}])
def test_nor_is_one_set_up_that_was_made_elsewhere(nora, lie):
    client = browser()
    client.force_login(nora)
    answer = client.post(ADD, {"name": "Mine", "credential": Device().made(asked_by(client, ADD), **lie)})
    assert answer.status_code == 422 and not codes.has_step(nora)


def test_somebody_else_s_passkey_opens_nothing(nora):
    """Nor does one that says it is hers: it has her number and another key."""
    otto = sign_in_for("otto")
    hers, his = set_up(nora, Device()), set_up(otto, Device())
    client = before_the_second_step(nora)
    assert refused(client.post(SECOND, {"credential": his.shown(asked_by(client, SECOND))}))
    his.id = hers.id
    assert refused(client.post(SECOND, {"credential": his.shown(asked_by(client, SECOND))}))
    assert not inside(client)


def test_one_who_has_set_up_her_number_as_his_own_gets_no_further(nora):
    otto, hers = sign_in_for("otto"), set_up(nora, Device())
    copy = Device()
    copy.id = hers.id
    set_up(otto, copy)
    client = before_the_second_step(nora)
    assert refused(client.post(SECOND, {"credential": copy.shown(asked_by(client, SECOND))}))
    assert client.post(SECOND, {"credential": hers.shown(asked_by(client, SECOND))}).status_code == 302


@pytest.mark.parametrize("back", [1, 2, 100])
def test_a_copy_of_one_that_counts_is_noticed(nora, back):
    """The owner used it meanwhile: the copy is behind, or says that it does not count."""
    device = set_up(nora, Device())
    for _time in range(2):
        client = before_the_second_step(nora)
        client.post(SECOND, {"credential": device.shown(asked_by(client, SECOND))})
    device.used = max(device.used - back, -1)
    stranger = before_the_second_step(nora)
    answer = stranger.post(SECOND, {"credential": device.shown(asked_by(stranger, SECOND))})
    assert refused(answer) and "there is a copy of it" in problems(answer)[0]
    assert Authenticator.objects.get(type="webauthn").data["count"] == 3
