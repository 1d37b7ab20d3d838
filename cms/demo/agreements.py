"""The agreements of the story: drafted, sent, signed on their days, and what was reported and accepted of their duties since."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from accounts.models import User
from cms.demo.stage import Stage
from fellowships import actions as fellowships
from fellowships.models import Host
from mou import actions as mou
from mou import demo as mou_demo
from mou.models import Agreement, Duty, Party
from mou.states import DutyState

TERMS: dict[str, Any] = {
    "agreement.governing_law": "the law of the Republic of Orvella",
    "agreement.courts": "the courts of Saltmere",
    "agreement.languages": "English",
    "agreement.liability_cap": {"amount": 100_000, "currency": "XTS"},
    "placement.weekly_hours": 38,
    "placement.count": 2,
    "money.fee_per_fellow": {"amount": 24_000, "currency": "XTS"},
    "money.total": {"amount": 72_000, "currency": "XTS"},
    "money.instalments": 4,
}


def draft(stage: Stage, host: Host, on: date, *, weekly: bool = True) -> Agreement:
    """For a host of a cycle. Without `weekly` its duties of every week are left out."""
    with stage.on(on):
        agreement = fellowships.draft_host_agreement(host=host, by=stage.cora)
        if not weekly:
            rules = [(duty["id"], duty["due"]) for _clause, duty in agreement.text.obligations()]
            keys = [key for key, rule in rules if rule.startswith("every week")]
            mou.leave_out_duties(agreement=agreement, keys=keys, by=stage.cora)
    return agreement


def send(stage: Stage, agreement: Agreement, on: date) -> Agreement:
    """Filled and sent to both signatories."""
    with stage.on(on, 11):
        blanks = {blank.id for blank in agreement.blanks()}
        terms = {name: value for name, value in TERMS.items() if name in blanks}
        mou.set_terms(agreement=agreement, terms=terms, by=stage.cora)
        mou.send_agreement(agreement=agreement, by=stage.cora)
    return agreement


def sign(stage: Stage, agreement: Agreement, user: User, on: date) -> Agreement:
    """One side signs what was sent."""
    with stage.on(on, 14):
        mou_demo.sign(agreement, [user])
    return agreement


def executed(stage: Stage, key: str, host: Host, on: date, *, weekly: bool = True) -> Agreement:
    """Drafted on a day, sent a week later, signed by both in the week after, and published."""
    agreement = send(stage, draft(stage, host, on, weekly=weekly), on + timedelta(days=7))
    sign(stage, agreement, stage.ulrike, on + timedelta(days=9))
    sign(stage, agreement, stage.signatories[key], on + timedelta(days=14))
    with stage.on(on + timedelta(days=15)):
        mou.publish_agreement(agreement=agreement, by=stage.cora)
    return agreement


def duties_done(stage: Stage, agreements: Iterable[Agreement], *, late: int = 0, unanswered: int = 0) -> None:
    """Everything that was due by yesterday was reported two days ahead and accepted the day after.

    But `late` of them, of three hosts, nobody has reported; and the newest `unanswered` were reported and wait for a word.
    """
    sides = {host.organisation_id: key for key, host in _hosts(stage, agreements).items()}
    rows = Duty.objects.filter(agreement__in=list(agreements), state=DutyState.OPEN, due__lt=stage.today)
    done = list(rows.with_words().order_by("due", "pk"))
    forgotten = _forgotten(done, late)
    done = [duty for duty in done if duty.pk not in forgotten]
    for place, duty in enumerate(done):
        sent, taken = _sides(stage, duty, sides)
        assert duty.due is not None  # filtered by it
        with stage.on(max(duty.due - timedelta(days=2), _first(duty)), 15):
            mou.report_duty(duty=duty, evidence=_evidence(duty), by=sent)
        if place < len(done) - unanswered:
            with stage.on(duty.due + timedelta(days=1), 10):
                mou.accept_duty(duty=duty, by=taken)


def _hosts(stage: Stage, agreements: Iterable[Agreement]) -> dict[str, Any]:
    keys = {organisation.pk: key for key, organisation in stage.organisations.items()}
    parties = [party for agreement in agreements for party in agreement.parties() if party.role == "host"]
    return {keys[party.organisation_id]: party for party in parties}


def _forgotten(duties: list[Duty], number: int) -> set[int]:
    """The newest ones that hosts owe, from three hosts by turns: what slips is of the last weeks."""
    by_host: dict[int, list[int]] = {}
    for duty in reversed(duties):
        if duty.obligation.debtor.role == "host":
            by_host.setdefault(duty.agreement_id, []).append(duty.pk)
    turns = zip(*(rows[:number] for rows in list(by_host.values())[:3] if len(rows) >= number), strict=True)
    return set([pk for turn in turns for pk in turn][:number])


def _sides(stage: Stage, duty: Duty, keys: dict[int, str]) -> tuple[User, User]:
    """(Who reports it, who accepts it): the host's supervisor, a coordinator of the programme; never one person both."""
    debtor, creditor = (_acting(stage, party, keys) for party in (duty.obligation.debtor, duty.obligation.creditor))
    return debtor, creditor if creditor != debtor else stage.users["tendai-osmarrow"]


def _acting(stage: Stage, party: Party, keys: dict[int, str]) -> User:
    return stage.supervisors[keys[party.organisation_id]] if party.role == "host" else stage.cora


def _first(duty: Duty) -> date:
    """Nothing is reported before there is a duty."""
    effective = duty.agreement.effective_on
    assert effective is not None  # a duty has one
    return effective


def _evidence(duty: Duty) -> str:
    return f"{duty.obligation.evidence_label}, in the shared folder of {duty.agreement.ref} under {duty.obligation.key}."
