"""Second steps, sessions, links: how codes are made and checked. The one module that knows how allauth keeps them."""

import base64
import hashlib
import time
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote, urlencode

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.webauthn.internal.auth import begin_registration, parse_authentication_response
from allauth.usersessions.models import UserSession
from django.utils.translation import gettext as _

from accounts.models import User

APP, PASSKEY, RECOVERY = Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN, Authenticator.Type.RECOVERY_CODES


def steps_of(user: User) -> list[Authenticator]:
    """The apps and passkeys somebody comes in with, the oldest first. Recovery codes only stand in for one of these."""
    return list(Authenticator.objects.filter(user=user).exclude(type=RECOVERY).order_by("pk"))


def has_step(user: User) -> bool:
    """Whether the password alone does not open this sign-in."""
    return Authenticator.objects.filter(user=user).exclude(type=RECOVERY).exists()


def label_of(step: Authenticator) -> str:
    """What a step is called on a page and in the chain."""
    if step.type == PASSKEY:
        return _("passkey “%(name)s”") % {"name": step.wrap().name}
    return _("authenticator app") if step.type == APP else _("recovery codes")


def kept_codes(user: User) -> list[str]:
    """The recovery codes that were not used yet."""
    kept = Authenticator.objects.filter(user=user, type=RECOVERY).first()
    return list(RecoveryCodes(kept).get_unused_codes()) if kept else []


def new_secret() -> str:
    """What an app and this site share: 160 random bits, base32."""
    return str(generate_totp_secret())


def address_of(user: User, secret: str) -> str:
    """The otpauth:// address that an app reads from the picture."""
    label = f"Common Ground:{user.email}"
    return f"otpauth://totp/{quote(label)}?{urlencode({'secret': secret, 'issuer': 'Common Ground'}, quote_via=quote)}"


def picture_of(address: str) -> str:
    """A QR code as a data: address, so that nothing but the page carries the secret."""
    svg = get_adapter().build_totp_svg(address)
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def moment_in(secret: str, code: str, after: int = -1) -> int | None:
    """Which half minute a code of an app belongs to: this one or one beside it (clocks differ), later than `after`."""
    now = int(time.time()) // app_settings.TOTP_PERIOD
    around: Iterable[int] = (now - 1, now, now + 1)
    fits = [each for each in around if each > after and compare_user_code(actual=code, expected=code_at(secret, each))]
    return fits[0] if fits else None


def code_at(secret: str, moment: int) -> str:
    """The six figures that an app shows in this half minute."""
    return str(format_hotp_value(hotp_value(secret, moment)))


def sealed(secret: str, moment: int) -> dict[str, Any]:
    """How an app's secret is stored: encrypted, with the half minute whose code was used last."""
    return {"secret": get_adapter().encrypt(secret), "used": moment}


def moment_of(step: Authenticator, code: str) -> int | None:
    """The half minute a code of this app belongs to, later than that of the last one that was used.

    Raises ValueError when the secret was sealed under a SECRET_KEY that is gone.
    """
    return moment_in(get_adapter().decrypt(step.data["secret"]), code, after=int(step.data["used"]))


def count_in(answer: dict[str, Any]) -> int:
    """How often a passkey says that it was used, in what a browser sends; 0 for those that do not count."""
    return int(parse_authentication_response(answer).response.authenticator_data.counter)


def count_of(step: Authenticator) -> int:
    """How often it had been used when it was last used here, or set up."""
    return int(step.data["count"] if "count" in step.data else step.wrap().authenticator_data.counter)


def passkey_options(user: User) -> dict[str, Any]:
    """What the browser is asked to make; the question is kept until its answer comes."""
    return dict(begin_registration(user, False))


def sessions_of(user: User) -> list[UserSession]:
    """Where somebody is signed in, the newest first; those that have ended are forgotten here."""
    return sorted(UserSession.objects.purge_and_list(user), key=lambda session: session.created_at, reverse=True)


BROWSERS = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari"}
SYSTEMS = {"Windows": "Windows", "Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Mac OS X": "macOS", "Linux": "Linux"}


def browser_of(agent: str) -> str:
    """What a browser says of itself, in two words: the first name that fits, as every browser names the others after it."""
    browser = next((name for mark, name in BROWSERS.items() if mark in agent), _("Unknown browser"))
    system = next((name for mark, name in SYSTEMS.items() if mark in agent), "")
    return _("%(browser)s on %(system)s") % {"browser": browser, "system": system} if system else browser


def digest_of(secret: str) -> str:
    """What is kept of the secret of a link: the SHA-256 of 256 random bits, which needs no salt."""
    return hashlib.sha256(secret.encode()).hexdigest()
