"""What waits for those who invite, and for those who answer requests about people's data."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.kinds import InvitationState
from accounts.models import Erasure, Invitation
from core.inbox import Waiting, waits

MOST = 5  # that are named one by one


@waits(Invitation, "accounts.keep_sign_in")
def to_invite_again(user: Any, invitations: Any) -> Iterator[Waiting]:
    """One query. Each is on one line only, the most urgent that it fits."""
    asked, stuck, ending, ended = [], [], [], []
    for each in invitations.to_look_at():
        if each.asked_at:
            asked.append(each)
        elif each.error and not each.sent_at:
            stuck.append(each)
        else:
            (ending if each.standing == InvitationState.OPEN else ended).append(each)
    for each in asked[:MOST]:
        words, since = {"name": each.person}, timezone.localdate(each.asked_at)
        why = _("The link had expired on %(day)s. Sending it again makes a new one.") % {"day": _day(each)}
        yield Waiting(_("%(name)s asks for a new invitation") % words, _page(each), why, since=since, act=_("Look"))
    for each in stuck[:MOST]:
        why = _("The mail server refuses it or is away: look at the address.")
        sentence = _("The invitation of %(name)s does not arrive") % {"name": each.person}
        yield Waiting(sentence, _page(each), why, since=timezone.localdate(each.created), act=_("Look"))
    rest = asked[MOST:] + stuck[MOST:] + ended
    if ending:
        words = {"n": len(ending), "name": ending[0].person}
        sentence = ngettext("The invitation of %(name)s ends unused", "%(n)s invitations end unused", len(ending)) % words
        url = _page(ending[0]) if len(ending) == 1 else _list("ending")
        yield Waiting(sentence, url, _("Ask them, or send it again."), timezone.localdate(ending[0].expires), act=_("Look"))
    if rest:
        words = {"n": len(rest), "name": rest[0].person}
        sentence = ngettext("The invitation of %(name)s expired unused", "%(n)s invitations expired unused", len(rest)) % words
        why = _("Send it again, or take it back: then it is off this list.")
        url = _page(rest[0]) if len(rest) == 1 else _list("expired")
        yield Waiting(sentence, url, why, since=timezone.localdate(rest[0].expires), act=_("Look"))


def _day(invitation: Invitation) -> str:
    return date_format(timezone.localtime(invitation.expires), "j F Y")


def _page(invitation: Invitation) -> str:
    return reverse("accounts:invitation_detail", args=[invitation.ref])


def _list(state: str) -> str:
    return f"{reverse('accounts:invitation_list')}?state={state}"


@waits(Erasure, "accounts.answer_request")
def to_answer_requests(user: Any, erasures: Any) -> Iterator[Waiting]:
    """For administrators: who asked to be erased, and what could not be done as decided."""
    for row in erasures.waiting().exclude(person=user.person_id).select_related("person").order_by("answer_by", "pk"):
        asked = _("Answer %(name)s, who asks to be erased") if row.asked_at else _("Decide again on erasing %(name)s")
        yield Waiting(
            asked % {"name": row.person},
            reverse("accounts:erasure_detail", args=[row.ref]),
            why=row.problem or _("The law gives one month. Erase what the law does not keep, or say why not."),
            due=row.answer_by,
            since=timezone.localdate(row.asked_at or row.created),
            act=_("Answer"),
        )
