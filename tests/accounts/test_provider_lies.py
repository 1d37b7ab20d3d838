"""A provider, or somebody on the way to it, that does not keep to the protocol lets nobody in."""

import hmac
import json
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from accounts import provider
from accounts.models import User, exactly_at
from tests.accounts.provider import NAME, RETURN, Visitor
from tests.conftest import sign_in_for
from tests.reading import soup

MISFIT = f"What {NAME} answered does not fit, so nobody was let in. Try again, or use your password."
SILENT = f"{NAME} does not answer at the moment. Use your password, or try again in a few minutes."
KEY, OTHER = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _key in range(2))


def public(key: rsa.RSAPrivateKey, **facts: str) -> dict[str, Any]:
    return json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key())) | {"kid": "1", "use": "sig"} | facts


class Liar:
    """Whatever a test wants it to say. `claims` go into the token, `facts` into what it says of the person."""

    def __init__(self) -> None:
        answers = {name: lambda asked: self.answer(asked) for name in ("do_GET", "do_POST")}
        handler = type("Answers", (BaseHTTPRequestHandler,), answers | {"log_message": lambda *_words: None})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"
        self.about = {"issuer": self.issuer} | {
            name: f"{self.issuer}/{name}"
            for name in ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")
        }
        self.keys: Any = [public(KEY)]
        self.facts: Any = {"sub": "1", "email": "nora@example.org", "email_verified": True}
        self.claims: dict[str, Any] = {}
        self.nonce, self.raw, self.seal, self.kid = "", {}, ("RS256", KEY), {"kid": "1"}
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def token(self) -> str:
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": "us", "sub": "1", "nonce": self.nonce, "iat": now, "exp": now + 60, "auth_time": now}
        claims = {name: value for name, value in (claims | self.claims).items() if value is not None}
        alg, key = self.seal
        return jwt.encode(claims, key, algorithm=alg, headers=self.kid)

    def answer(self, asked: BaseHTTPRequestHandler) -> None:
        path = urlsplit(asked.path).path.strip("/")
        said: Any = {
            ".well-known/openid-configuration": self.about,
            "jwks_uri": {"keys": self.keys},
            "userinfo_endpoint": self.facts,
        }.get(path) or {"access_token": "x", "token_type": "Bearer", "id_token": self.token()}
        status, said = self.raw.get(path, (200, said))
        asked.send_response(status)
        if status in (301, 302):
            asked.send_header("Location", f"{self.issuer}/elsewhere")
        asked.send_header("Content-Type", "application/json")
        asked.end_headers()
        asked.wfile.write(said if isinstance(said, bytes) else json.dumps(said).encode())


@pytest.fixture
def liar(settings) -> Iterator[Liar]:
    said = Liar()
    settings.OIDC_ISSUER, settings.OIDC_NAME, settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET = said.issuer, NAME, "us", "s"
    yield said
    said.server.shutdown()
    said.server.server_close()


@pytest.fixture
def nora(db) -> User:
    return sign_in_for("nora")


def come_in(liar: Liar, visitor: Visitor | None = None):
    visitor = visitor or Visitor()
    asked = parse_qs(urlsplit(visitor.begin()).query)
    liar.nonce = asked["nonce"][0]
    return visitor.client.get(RETURN, {"state": asked["state"][0], "code": "c"})


def stays_out(answer, sentence: str = MISFIT, status: int = 403) -> bool:
    assert (answer.status_code, soup(answer).select_one(".refusal .lede").text.strip()) == (status, sentence)
    return "_auth_user_id" not in answer.client.session


def test_who_tells_the_truth_is_believed(liar, nora):
    """Beside each lie below."""
    assert come_in(liar)["Location"] == "/desk/"
    liar.kid, liar.keys = {}, [public(OTHER, kid="0"), public(KEY)]  # one that does not say by which of its keys
    assert come_in(liar)["Location"] == "/desk/"
    liar.claims = {"aud": ["us", "others"], "azp": "us", "email": "nora@example.org", "email_verified": "true"}
    liar.facts = {}
    assert come_in(liar)["Location"] == "/desk/"


LIES: dict[str, dict[str, Any]] = {
    "another nonce": {"nonce": "0" * 64},
    "no nonce": {"nonce": None},
    "another site's": {"aud": "others"},
    "several sites', for whom it does not say": {"aud": ["us", "others"]},
    "made for another party": {"azp": "others"},
    "another provider's": {"iss": "https://evil.example"},
    "no issuer": {"iss": None},
    "over since two minutes": {"exp": int(time.time()) - 120},
    "without an end": {"exp": None},
    "of tomorrow": {"iat": int(time.time()) + 86400},
    "about nobody": {"sub": None},
    "about somebody else": {"sub": "2"},
}


@pytest.mark.parametrize("lie", LIES)
def test_a_token_that_is_not_for_this_way_in_lets_nobody_in(liar, nora, lie):
    liar.claims = LIES[lie]
    assert stays_out(come_in(liar))


PEM = KEY.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def plain(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def sealed(token: str, alg: str, word: bytes | None) -> str:
    """The same words under another seal, which no library would make."""
    text = f"{plain(json.dumps({'alg': alg, 'kid': '1'}).encode())}.{token.split('.')[1]}"
    return f"{text}.{plain(hmac.digest(word, text.encode(), 'sha256')) if word else ''}"


SEALS = {
    "none": ("none", None),
    "the public key, taken for a password": ("HS256", PEM),
    "the client's secret": ("HS256", b"s" * 32),
    "no algorithm of this world": ("XS256", b"x"),
}


@pytest.mark.parametrize("seal", SEALS)
def test_a_token_that_the_provider_did_not_seal_lets_nobody_in(liar, nora, settings, seal):
    settings.OIDC_CLIENT_SECRET = "s" * 32
    liar.keys = [*liar.keys, {"kty": "oct", "k": plain(b"s" * 32), "kid": "1"}]
    honest = liar.token
    liar.token = lambda: sealed(honest(), *SEALS[seal])
    assert stays_out(come_in(liar))


def test_nor_does_one_of_somebody_else_s_key(liar, nora):
    liar.seal = ("RS256", OTHER)
    assert stays_out(come_in(liar))


@pytest.mark.parametrize(
    "keys", [[], None, "x", [public(OTHER)], [public(KEY, use="enc")], [public(KEY, kid="2")], [{"kty": "RSA", "kid": "1"}]]
)
def test_nor_does_one_by_a_key_that_it_does_not_show(liar, nora, keys):
    liar.keys = keys
    assert stays_out(come_in(liar))


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"email": None}, "told no e-mail address of yours"),
        ({"email": ["nora@example.org"]}, "told no e-mail address of yours"),
        ({"email_verified": None}, "has not verified your address"),
        ({"email_verified": False}, "has not verified your address"),
        ({"email_verified": "false"}, "has not verified your address"),
        ({"email_verified": 1.5}, "has not verified your address"),
        ({"email": "nora"}, "No open sign-in here"),
        ({"sub": "2"}, "does not fit"),
    ],
)
def test_what_it_says_of_a_person_has_to_be_whole(liar, nora, facts, said):
    liar.facts = liar.facts | facts
    answer = come_in(liar)
    assert answer.status_code == 403 and said in answer.content.decode() and "_auth_user_id" not in answer.client.session


def test_a_verified_mark_of_one_source_does_not_vouch_for_the_address_of_another(liar, nora):
    liar.claims = {"email": "nora@example.org"}
    liar.facts = {"sub": "1", "email": "mallory@example.org", "email_verified": True}
    assert "No open sign-in here has the address mallory@example.org" in come_in(liar).content.decode()


@pytest.mark.parametrize("place", [".well-known/openid-configuration", "token_endpoint", "jwks_uri", "userinfo_endpoint"])
@pytest.mark.parametrize("answer", [(500, {}), (302, {}), (200, b"<html>"), (200, []), (200, "x"), (200, {}), (404, b"")])
def test_whatever_it_answers_there_is_a_page(liar, nora, place, answer):
    visitor = Visitor()
    asked = parse_qs(urlsplit(visitor.begin()).query)
    liar.nonce, liar.raw = asked["nonce"][0], {place: answer}
    end = visitor.client.get(RETURN, {"state": asked["state"][0], "code": "c"})
    assert end.status_code in (403, 503) and soup(end).select_one(".refusal .lede").text.strip() in (MISFIT, SILENT)
    assert "_auth_user_id" not in visitor.client.session


@pytest.mark.parametrize(
    "about",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": "ftp://127.0.0.1/x"},
        {"token_endpoint": "file:///etc/passwd"},
        {"authorization_endpoint": "javascript:alert(1)"},
    ],
)
def test_one_that_says_it_is_another_is_asked_nothing(liar, nora, about):
    liar.about |= about
    assert stays_out(Visitor().client.post("/accounts/login/provider/"), MISFIT)


def test_behind_https_it_names_nothing_in_the_clear(liar, nora, settings):
    """The provider's own word leads a secret and a code there."""
    settings.OIDC_ISSUER = "https://id.agency.example"
    door = provider.Door.__new__(provider.Door)
    door._openid_config = liar.about | {"issuer": settings.OIDC_ISSUER}
    with pytest.raises(provider.OAuth2Error, match="not https"):
        _asked = door.openid_config


@pytest.mark.parametrize("auth_time", [None, 0, "now", "earlier"])
def test_a_provider_that_did_not_ask_anew_confirms_nothing(liar, nora, auth_time):
    """It knows no prompt=login, or no auth_time: then whoever sits there has shown nothing."""
    visitor = Visitor()
    liar.claims = {"auth_time": int(time.time()) - 600 if auth_time == "earlier" else auth_time}
    come_in(liar, visitor)
    assert visitor.client.get("/accounts/second-step/app/")["Location"].startswith("/accounts/confirm/")
    asked = parse_qs(urlsplit(visitor.begin()).query)
    liar.nonce = asked["nonce"][0]
    answer = visitor.client.get(RETURN, {"state": asked["state"][0], "code": "c"})
    assert answer.status_code == 403 and "did not ask you anew who you are" in answer.content.decode()
    assert visitor.client.get("/accounts/second-step/app/")["Location"].startswith("/accounts/confirm/")


def test_a_clock_of_theirs_that_is_ahead_makes_nothing_fresh_for_longer(liar, nora):
    visitor = Visitor()
    liar.claims = {"auth_time": int(time.time()) + 10**6}
    come_in(liar, visitor)
    assert visitor.client.session["proved_at"] <= time.time()


@pytest.mark.parametrize(
    ("claims", "counts"),
    [
        ({"amr": ["pwd"]}, False),
        ({"amr": ["otp"]}, False),
        ({"amr": ["pwd", "pin"]}, False),
        ({"amr": ["pwd", "otp"]}, True),
        ({"amr": ["hwk", "pin"]}, True),
        ({"amr": ["fpt", "hwk"]}, True),
        ({"amr": ["mfa"]}, True),
        ({"amr": "mfa"}, False),
        ({"amr": [["mfa"]]}, False),
        ({"acr": "https://refeds.org/profile/mfa"}, True),
        ({"acr": "1"}, False),
        ({}, False),
    ],
)
def test_two_steps_are_two_kinds_of_proof(settings, claims, counts):
    settings.OIDC_SECOND_FACTOR = "yes"
    assert provider.stepped(claims) is counts
    settings.OIDC_SECOND_FACTOR = "no"
    assert provider.stepped(claims) is False


@pytest.mark.postgres
@pytest.mark.parametrize("alike", ["mıke@example.org", "ｍike@example.org", "mi\u212ae@example.org", "mike@example.org\u200b"])
def test_the_database_finds_more_alike_than_is(db, alike):
    mike, misa = sign_in_for("mike"), sign_in_for("misa")
    assert exactly_at("MIKE@Example.Org") == mike and exactly_at(alike) is None
    assert exactly_at("miſa@example.org") is None and exactly_at("misa@example.org") == misa
    mike.is_active = False
    mike.save()
    assert exactly_at("mike@example.org") is None


def test_the_log_says_why_and_names_nobody(liar, nora, caplog):
    liar.claims = {"nonce": "0"}
    come_in(liar)
    liar.claims, liar.raw = {}, {"token_endpoint": (400, {"error": "invalid_client"})}
    come_in(liar)
    told = [record.getMessage() for record in caplog.records if record.name == "accounts.provider"]
    assert told[0] == "Single sign-on: OAuth2Error: the token was made for another way in"
    assert "invalid_client" in told[1] and "nora" not in " ".join(told)
