"""What accounts does not keep for ever: sessions that are over, from where they were opened, and where invitations went."""

from datetime import date, timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts import actions
from accounts.models import Invitation
from core.retention import Keeping, on_or_before


def _expired(day: date) -> QuerySet[Session]:
    """Never one that is still open, whatever the day."""
    return Session.objects.filter(on_or_before("expire_date", day), expire_date__lt=timezone.now())


def _over(day: date) -> QuerySet[UserSession]:
    """Of sessions that are not there any more: ended, or expired and deleted."""
    open_ones = Session.objects.filter(session_key=OuterRef("session_key"))
    return UserSession.objects.filter(on_or_before("last_seen_at", day), ~Exists(open_ones)).select_related("user")


def _closed(day: date) -> QuerySet[Invitation]:
    """Never one that is still open, whatever the day. What was used or taken back ends with its last moment as well."""
    ended = Invitation.objects.filter(on_or_before("expires", day), expires__lt=timezone.now())
    return ended.exclude(email="", token=None).select_related("person")


def _of_invitation(invitation: Invitation) -> str:
    return str(invitation)


def _of_session(session: Session) -> str:
    return _t("A session")


def _of_browser(row: UserSession) -> str:
    return _t("A session of %(address)s") % {"address": row.user.email}


SESSIONS = Keeping(
    kind="sessions",
    title=_("Sessions"),
    what=_("That somebody is signed in with a browser."),
    period=timedelta(0),
    counted=_("until it has expired, 12 hours after the last sign-in"),
    basis=_("It is there to know who asks; expired, it is of no use (storage limitation, GDPR art. 5(1)(e))."),
    rows=_expired,
    began="expire_date",
    forget=actions.forget_sessions,
    line=_of_session,
    at_once=True,
)
OPENED = Keeping(
    kind="browsers",
    title=_("Where somebody was signed in"),
    what=_("The address in the network, the kind of browser and the times of a session go."),
    period=timedelta(days=30),
    counted=_("after the session was last used, once it is over"),
    basis=_("So long somebody who was broken in on can find out from where (security, GDPR art. 32 and 6(1)(f))."),
    rows=_over,
    began="last_seen_at",
    forget=actions.forget_browsers,
    line=_of_browser,
    at_once=True,
)
INVITATIONS = Keeping(
    kind="invitations",
    title=_("Addresses of invitations"),
    what=_(
        "The address to which it went and what its link is known by go. That somebody was invited, to what and by whom stays."
    ),
    period=timedelta(days=180),
    counted=_("after its last moment, used or not"),
    basis=_(
        "For half a year somebody may ask where a link went that they never got; then the sign-in itself has the address"
        " (storage limitation, GDPR art. 5(1)(e))."
    ),
    rows=_closed,
    began="expires",
    forget=actions.forget_invitations,
    line=_of_invitation,
)
