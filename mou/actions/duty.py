"""Every write about a duty once it has a date: the event that dates it, the report, the other side's answer."""

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from core import access, public
from core.access import Actor
from core.action import action, lock
from core.calendar import EVENT, DueError, parse, plan
from mou import rules
from mou.kinds import catalogue
from mou.models import Duty
from mou.states import DUTY


@action
def date_duty(*, duty: Duty, happened: date, by: Actor) -> None:
    """The event happened on this day; the rule now gives the date."""
    lock(duty)
    access.require(rules.date_duty, by, duty)
    version = duty.obligation.version
    zone = ZoneInfo(version.document()["time_zone"])
    anchors: dict[str, Any] = {EVENT + duty.waits_for: datetime.combine(happened, time(0), zone)}
    if happened > timezone.localdate(timezone=zone) and duty.waits_for not in catalogue().ahead:
        raise ValidationError(_("That day has not come yet. Record the event once it has happened."))
    rule = parse(duty.obligation.rule)
    try:
        due = plan(rule, anchors, version.business_days(), zone=zone, limit=1)
    except DueError as error:
        raise ValidationError(str(error)) from error
    if not due:
        raise ValidationError(_("The rule “%(rule)s” gives no date for that day.") % {"rule": duty.obligation.rule})
    DUTY.apply("happen", duty, by=by, note={"happened": happened}, due=due[0].day, due_at=due[0].at)
    _touch(duty)


@action
def report_duty(*, duty: Duty, evidence: str, by: Actor) -> None:
    """The side that owes says what it did and where that can be seen."""
    lock(duty)
    access.require(rules.report_duty, by, duty)
    DUTY.apply("report", duty, by=by, note={"evidence": evidence[:300]}, evidence=evidence, sent_back="")
    _touch(duty)


@action
def accept_duty(*, duty: Duty, by: Actor) -> None:
    """The other side agrees that it is done."""
    lock(duty)
    access.require(rules.accept_duty, by, duty)
    DUTY.apply("accept", duty, by=by)
    _touch(duty)


@action
def send_back_duty(*, duty: Duty, reason: str, by: Actor) -> None:
    """The other side says what is missing; the duty is open again, with its date."""
    lock(duty)
    access.require(rules.send_back_duty, by, duty)
    DUTY.apply("send_back", duty, by=by, note={"reason": reason[:300]}, sent_back=reason)
    _touch(duty)


def _touch(duty: Duty) -> None:
    """The register counts what is due and what is late."""
    if duty.agreement.published_at is not None:
        public.touch()
