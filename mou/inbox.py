"""What waits for somebody about agreements and duties: to sign, to send, to chase, to do, to answer."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.inbox import Waiting, waits
from mou import rules
from mou.models import Agreement, Duty
from mou.states import AgreementState, DutyState

PATIENCE = 7  # days before somebody who was asked to sign is worth a word
MOST = 12  # lines of duties; the rest is one line that leads to the list


@waits(Agreement, "mou.sign_agreement")
def to_sign(user: Any, agreements: QuerySet[Agreement]) -> Iterable[Waiting]:
    """For the named signatory, until they have signed what is out."""
    for agreement in agreements.to_sign_by(user).with_parties():
        sides = ", ".join(str(party.organisation) for party in agreement.parties())
        yield Waiting(
            _("Sign or decline: %(title)s") % {"title": agreement.title},
            reverse("mou:agreement_sign", args=[agreement.ref]),
            why=f"{agreement.ref}. {sides}. {_waited(agreement)}",
            since=timezone.localdate(agreement.sent_at),
            act=_("Read and sign"),
        )


@waits(Agreement, "mou.send_agreement")
def to_send(user: Any, agreements: QuerySet[Agreement]) -> Iterable[Waiting]:
    """For coordinators: drafts to finish or to send, signatures that are slow, and what was declined."""
    moving = (AgreementState.DRAFT, AgreementState.OUT, AgreementState.DECLINED)
    rows = list(agreements.filter(state__in=moving).with_signatures().order_by("pk"))
    signing = rules.able_to_sign([party for row in rows if row.state == AgreementState.DRAFT for party in row.parties()])
    for agreement in rows:
        names = {"title": agreement.title, "names": _names(agreement)}
        detail, why = reverse("mou:agreement_detail", args=[agreement.ref]), f"{agreement.ref}. {_waited(agreement)}"
        since = timezone.localdate(agreement.since())
        if agreement.state == AgreementState.DECLINED:
            yield Waiting(_("Change or withdraw: %(title)s was declined") % names, detail, why=why, since=since, act=_("Open"))
        elif agreement.state == AgreementState.OUT and agreement.days_waiting() > PATIENCE:
            yield Waiting(_("Remind %(names)s to sign: %(title)s") % names, detail, why=why, since=since, act=_("Open"))
        elif agreement.state == AgreementState.DRAFT:
            yield _draft(agreement, rules.obstacles_to_sending(agreement, signing))


def _draft(agreement: Agreement, obstacles: list[rules.Obstacle]) -> Waiting:
    """To finish or to send: what is missing is said, the first of it in words."""
    names, since = {"title": agreement.title}, timezone.localdate(agreement.since())
    if not obstacles:
        send = reverse("mou:agreement_send", args=[agreement.ref])
        why = f"{agreement.ref}. {_waited(agreement)}"
        return Waiting(_("Send for signature: %(title)s") % names, send, why=why, since=since, act=_("Look and send"))
    missing = ngettext("%(count)s thing is missing.", "%(count)s things are missing.", len(obstacles)) % {"count": len(obstacles)}
    why = f"{agreement.ref}. {obstacles[0].sentence} {missing if len(obstacles) > 1 else ''}".strip()
    detail = reverse("mou:agreement_detail", args=[agreement.ref])
    return Waiting(_("Finish the draft: %(title)s") % names, detail, why=why, since=since, act=_("Open"))


def _names(agreement: Agreement) -> str:
    if agreement.state != AgreementState.OUT:
        return ""
    return _(" and ").join(str(party.signatory or party.organisation) for party in agreement.missing_signatures())


def _waited(agreement: Agreement) -> str:
    days = agreement.days_waiting()
    if agreement.state == AgreementState.OUT:
        return ngettext("Out for signature %(days)s day.", "Out for signature %(days)s days.", days) % {"days": days}
    return ngettext("Untouched for %(days)s day.", "Untouched for %(days)s days.", days) % {"days": days}


@waits(Duty, "mou.view_agreement")
def duties_due(user: Any, duties: QuerySet[Duty]) -> Iterable[Waiting]:
    """What one's side owes and is late or near, one line a series; what it has to answer; to coordinators, all that is late."""
    today, many = timezone.localdate(), reverse("mou:duty_list")
    owed = duties.owed_by(user).late_or_soon(today).as_lines(today).with_words().order_by("due", "pk")[: MOST + 1]
    lines = list(owed)
    for duty in lines[:MOST]:
        yield Waiting(
            str(duty), reverse("mou:duty_detail", args=[duty.ref]), why=_why(duty, duty.late_alike), due=duty.due, act=_("Report")
        )
    if len(lines) > MOST:
        yield Waiting(
            _("More duties of your side are late or due within 14 days"), f"{many}?side=mine", act=_("See all"), due=today
        )
    answers = duties.owed_to(user).filter(state=DutyState.SENT).count()
    if answers:
        sentence = ngettext("Check %(count)s duty that was reported", "Check %(count)s duties that were reported", answers)
        yield Waiting(sentence % {"count": answers}, f"{many}?state=sent&side=ours&each=on", act=_("Check"), due=today)
    late = duties.coordinated_by(user).late(today).count()
    if late:
        sentence = ngettext("%(count)s late duty in your programmes", "%(count)s late duties in your programmes", late)
        yield Waiting(sentence % {"count": late}, f"{many}?state=late&each=on", act=_("See all"), due=today)


def _why(duty: Duty, late: int) -> str:
    """Where, who owes it to whom under what, and how many dates of the series have passed."""
    place = f"{duty.unit_label}. " if duty.unit_label else ""
    sides = {"debtor": duty.obligation.debtor.organisation.label, "creditor": duty.obligation.creditor.organisation.label}
    owed = _("%(debtor)s owes it to %(creditor)s.") % sides
    passed = ngettext("%(count)s date has passed.", "%(count)s dates have passed.", late) % {"count": late}
    return f"{place}{owed} {duty.agreement.ref}. {passed if late > 1 else ''}".strip()
