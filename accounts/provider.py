"""Single sign-on: the one provider that may vouch for addresses here. The one module that knows OpenID Connect.

allauth brings the way there and back: state, PKCE, the exchange of the code. What it leaves out is here: a nonce, whose token it
is and who sealed it, which address is verified, when its owner last proved who they are, and by how much.
"""

import functools
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus, urljoin, urlsplit

import jwt
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, get_adapter
from allauth.socialaccount.internal import statekit
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.crypto import constant_time_compare, get_random_string, salted_hmac
from django.utils.translation import gettext as _
from requests import RequestException

from accounts.models import User, exactly_at

logger = logging.getLogger(__name__)

SIGN_IN, AGAIN = "sign-in", "again"  # what somebody goes there for
SEALS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]  # by a key of theirs alone
CLOCKS = 60  # seconds that theirs and ours may differ
# RFC 8176: what somebody knows, has, and is. Two of these kinds are two steps.
KINDS = (
    {"pwd", "pin", "kba"},
    {"otp", "hwk", "swk", "sc", "pop", "sms", "tel", "mca"},
    {"face", "fpt", "iris", "retina", "vbm"},
)
# What the profiles of public bodies and universities call a sign-in with more than one step.
STEPPED_ACR = {
    "https://refeds.org/profile/mfa",
    "http://schemas.openid.net/pape/policies/2007/06/multi-factor",
    "http://idmanagement.gov/ns/assurance/aal/2",
    "http://idmanagement.gov/ns/assurance/aal/3",
    "http://eidas.europa.eu/LoA/substantial",
    "http://eidas.europa.eu/LoA/high",
}


class Trouble(Exception):
    """Nobody is let in, and this is why: one sentence for whoever stands before the door."""

    def __init__(self, sentence: str, *, status: int = 403, log: str = "", **words: str) -> None:
        super().__init__(sentence % {"name": settings.OIDC_NAME, **words})
        self.status = status
        if log:
            logger.warning("Single sign-on: %s", log[:500])


@dataclass(frozen=True)
class Vouched:
    """What the provider says: whose address, whether they took two steps there, and when (a time stamp, 0 for unknown)."""

    email: str
    stepped: bool
    at: float


class OneProvider(DefaultSocialAccountAdapter):
    """The provider of the environment, and none that a table would name."""

    def list_apps(self, request: HttpRequest, provider: str | None = None, client_id: str | None = None) -> list[SocialApp]:
        if not settings.OIDC_ISSUER:
            return []
        app = SocialApp(provider="openid_connect", provider_id="sso", name=settings.OIDC_NAME)
        app.client_id, app.secret = settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET
        app.settings = {"server_url": settings.OIDC_ISSUER, "oauth_pkce_enabled": True, "scope": ["openid", "email"]}
        return [app]

    def get_provider(self, request: HttpRequest, provider: str, client_id: str | None = None) -> Any:
        found = super().get_provider(request, provider, client_id)
        found.oauth2_adapter_class = Door
        return found

    def get_requests_session(self) -> Any:
        """With a time limit, and led nowhere else: what it says of itself names its addresses."""
        session = super().get_requests_session()
        session.request = functools.partial(session.request, allow_redirects=False)
        return session

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False


class Door(OpenIDConnectOAuth2Adapter):
    """allauth's client, stricter."""

    @property
    def openid_config(self) -> dict[str, Any]:
        """What the provider says of itself. Raises OAuth2Error where it is another, or would be asked in the clear."""
        found: dict[str, Any] = super().openid_config
        if str(found["issuer"]).rstrip("/") != settings.OIDC_ISSUER:
            raise OAuth2Error("the provider calls itself by another name than OIDC_ISSUER")
        scheme = urlsplit(settings.OIDC_ISSUER).scheme
        names = ("authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint")
        if not all(urlsplit(found[name]).scheme in ("https", scheme) for name in names if name in found):
            raise OAuth2Error("the provider names an address that is not https")
        return found

    @property
    def basic_auth(self) -> bool:
        """How OpenID Connect says it, unless the provider says otherwise; allauth would take the other."""
        return "client_secret_basic" in self.openid_config.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        """Under the name of the site, whatever the request calls it."""
        return urljoin(settings.BASE_URL, reverse("provider_return"))

    def get_access_token_data(self, request: HttpRequest, app: SocialApp, client: Any, pkce_code_verifier: Any = None) -> Any:
        if self.basic_auth:  # RFC 6749, 2.3.1: encoded first
            client.consumer_key, client.consumer_secret = quote_plus(app.client_id), quote_plus(app.secret)
        return super().get_access_token_data(request, app, client, pkce_code_verifier=pkce_code_verifier)

    def vouched(self, app: SocialApp, token: dict[str, Any], nonce: str) -> Vouched:
        """Raises Trouble when there is no address that it has verified and may vouch for."""
        claims = self._claims(app, token["id_token"], nonce)
        told = "email" in claims and "email_verified" in claims
        facts = claims if told else self._fetch_user_info(token["access_token"])
        if facts["sub"] != claims["sub"]:
            raise OAuth2Error("the facts are about somebody else than the token")
        email = facts.get("email")
        if not email or not isinstance(email, str):
            raise Trouble(_("%(name)s told no e-mail address of yours, so nobody can be found. Sign in with your password."))
        if facts.get("email_verified") not in (True, "true"):
            sentence = _("%(name)s has not verified your address, so it opens nothing here. Have it verified there.")
            raise Trouble(sentence)
        if settings.OIDC_DOMAINS and email.rpartition("@")[2].lower() not in settings.OIDC_DOMAINS:
            raise Trouble(_("%(name)s is not asked here about addresses like yours. Sign in with your password."))
        at = claims.get("auth_time")
        return Vouched(email, stepped(claims), min(float(at), time.time()) if isinstance(at, int | float) else 0.0)

    def _claims(self, app: SocialApp, token: str, nonce: str) -> dict[str, Any]:
        """Of a token that this provider sealed, now, for us, and for this very way in. Raises OAuth2Error or PyJWTError."""
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.openid_config["jwks_uri"])
            answer.raise_for_status()
        header = jwt.get_unverified_header(token)
        alg, kid = header.get("alg"), header.get("kid")
        keys = [key for key in answer.json()["keys"] if key.get("use", "sig") == "sig" and kid in (None, key.get("kid"))]
        for key in keys if alg in SEALS else []:
            try:
                claims: dict[str, Any] = jwt.decode(
                    token,
                    jwt.PyJWK(key, key.get("alg") or alg),
                    algorithms=SEALS,
                    issuer=self.openid_config["issuer"],
                    audience=app.client_id,
                    leeway=CLOCKS,
                    options={"require": ["iss", "aud", "exp", "iat", "sub"]},
                )
            except (jwt.InvalidSignatureError, jwt.InvalidKeyError, jwt.PyJWKError):
                continue
            many = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
            if claims.get("azp", None if many else app.client_id) != app.client_id:
                raise OAuth2Error("the token was made for another party")
            if not constant_time_compare(str(claims.get("nonce")), nonce):
                raise OAuth2Error("the token was made for another way in")
            return claims
        raise OAuth2Error("no key of the provider made this token")


def stepped(claims: dict[str, Any]) -> bool:
    """Whether what was done there counts as the second step here."""
    if settings.OIDC_SECOND_FACTOR != "yes":
        return bool(settings.OIDC_SECOND_FACTOR == "always")
    told = claims.get("amr")
    means = {each for each in told if isinstance(each, str)} if isinstance(told, list) else set()
    return "mfa" in means or sum(bool(means & kind) for kind in KINDS) > 1 or claims.get("acr") in STEPPED_ACR


def way_to(request: HttpRequest, goal: str) -> str:
    """The address there. Whoever is signed in shows again who they are. Raises Trouble when it does not answer."""
    with _understood():
        again, state = request.user.is_authenticated, get_random_string(32)
        asked: dict[str, Any] = {"nonce": _nonce(state), "max_age": settings.SESSION_COOKIE_AGE}
        if isinstance(request.user, User):
            asked |= {"max_age": 0, "prompt": "login", "login_hint": request.user.email}
        kept = {"process": AGAIN if again else SIGN_IN, "asked_at": time.time(), "next_url": goal, "state_id": state}
        return str(_provider(request).redirect(request, auth_params=asked, **kept)["Location"])


def way_back(request: HttpRequest) -> tuple[Vouched, dict[str, Any]]:
    """What the provider says, and what was kept when the way there began. Raises Trouble."""
    with _understood():
        provider, state_id = _provider(request), request.GET.get("state", "")
        state = statekit.unstash_state(request, provider_id=provider.sub_id, state_id=state_id)
        if state is None:
            raise Trouble(
                _(
                    "This answer of %(name)s was used already, or it belongs to another browser, or the way in began more than "
                    "ten minutes ago. Begin again."
                )
            )
        if "error" in request.GET:
            sentence = _("%(name)s did not let you in, or you did not agree to it there.")
            raise Trouble(sentence, log=f"the provider answered {request.GET['error']!r}")
        door = provider.get_oauth2_adapter(request)
        if request.GET.get("iss", door.openid_config["issuer"]) != door.openid_config["issuer"]:  # RFC 9207
            raise OAuth2Error("the answer comes from another provider")
        client = door.get_client(request, provider.app)
        token = door.get_access_token_data(request, provider.app, client, pkce_code_verifier=state["pkce_code_verifier"])
        return door.vouched(provider.app, token, _nonce(state_id)), state


def sign_in_of(vouched: Vouched) -> User:
    """Raises Trouble where nobody comes in with this address: the person has shown that it is theirs, so it may be said."""
    user = exactly_at(vouched.email)
    if user is None:
        sentence = _("No open sign-in here has the address %(email)s. Who gives you a role enters it: ask whom you work with.")
        raise Trouble(sentence, email=vouched.email)
    return user


def still_theirs(user: User, vouched: Vouched, asked_at: float) -> None:
    """Raises Trouble unless the owner of this session has shown it there after they were asked to."""
    if exactly_at(vouched.email) != user:
        raise Trouble(_("At %(name)s you are somebody else than here. Sign in there with the address that you have here."))
    if vouched.at < asked_at - CLOCKS:
        sentence = _("%(name)s did not ask you anew who you are, so nothing is confirmed. Use your password.")
        raise Trouble(sentence, log="the provider did not heed prompt=login, or told no auth_time")


def _provider(request: HttpRequest) -> Any:
    return get_adapter(request).get_provider(request, "sso")


def _nonce(state: str) -> str:
    """Follows from the state, which nobody guesses, and which is kept in the session and counts once."""
    return salted_hmac("accounts.provider", state, algorithm="sha256").hexdigest()


@contextmanager
def _understood() -> Iterator[None]:
    """What somebody else's server answers, or does not, is no fault of ours."""
    try:
        yield
    except RequestException as error:
        sentence = _("%(name)s does not answer at the moment. Use your password, or try again in a few minutes.")
        raise Trouble(sentence, status=503, log=f"no answer ({type(error).__name__})") from None
    except (OAuth2Error, jwt.PyJWTError, KeyError, ValueError, TypeError, AttributeError) as error:
        sentence = _("What %(name)s answered does not fit, so nobody was let in. Try again, or use your password.")
        raise Trouble(sentence, log=f"{type(error).__name__}: {error}") from None
