"""Several at the same instant, each with a database connection of its own: nobody is invited twice, no link works twice."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts import actions, codes
from accounts.models import Invitation, Person, User
from core.access import HOUSE
from core.audit import verify
from core.jobs import run_jobs
from fellowships import actions as fellowships
from partnerships import actions as partnerships
from partnerships.kinds import MemberLine
from partnerships.models import Membership, Organisation, Programme
from tests.accounts.invited import HERE, invite, link_to, opened
from tests.threads import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def asked_for(name: str) -> int:
    """How often a job was asked for."""
    return sum(row.args_kwargs["args"][0] == name for row in DBTaskResult.objects.all())


def test_answered_by_four_at_once_one_password_link_is_mailed(cast, mailoutbox):
    ines = invite(cast)
    link = link_to(mailoutbox, ines.email)
    browsers = [Client() for _each in range(4)]
    for browser in browsers:
        opened(browser, link)
    got: list[int] = []
    assert at_once(*(lambda b=b: got.append(b.post(HERE, {"shown": ines.ref}).status_code) for b in browsers)) == []
    assert got == [302] * 4 and asked_for("accounts.mail_password_link") == 1
    assert verify() is None


def test_answered_and_taken_back_at_once_it_ends_once(cast, mailoutbox):
    ines = invite(cast)
    digest = codes.digest_of(link_to(mailoutbox, ines.email).split("/")[-2])

    def take_back() -> None:
        actions.revoke_invitation(invitation=Invitation.objects.get(pk=ines.pk), by=User.objects.get(pk=cast.cora.pk))

    at_once(lambda: actions.accept_invitation(digest=digest, by=HOUSE), take_back)
    ines.refresh_from_db()
    assert (ines.consumed_at is None) != (ines.revoked_at is None)
    assert asked_for("accounts.mail_password_link") == (1 if ines.consumed_at else 0)


def test_sent_again_by_two_at_once_it_goes_out_once(cast, mailoutbox):
    ines = invite(cast)
    run_jobs()

    def again() -> None:
        actions.resend_invitation(invitation=Invitation.objects.get(pk=ines.pk), shown=1, by=User.objects.get(pk=cast.cora.pk))

    assert [type(error) for error in at_once(again, again, again)] == [ValidationError] * 2
    run_jobs()
    assert len(mailoutbox) == 2


def test_a_cohort_that_two_coordinators_invite_at_once_is_invited_once(cast, mailoutbox):
    partnerships.give_programme_role(programme=cast.programme, person=cast.otto.person, role="coordinator", by=HOUSE)
    fellows = [fellowships.invite_fellow(cycle=cast.cycle, name=f"F{n}", by=cast.cora) for n in range(4)]
    addresses = {fellow.ref: f"f{n}@example.org" for n, fellow in enumerate(fellows)}
    done: list[int] = []

    def all_of_them(who: User) -> None:
        cycle = type(cast.cycle).objects.get(pk=cast.cycle.pk)
        outcomes = fellowships.invite_cohort(cycle=cycle, addresses=addresses, by=User.objects.get(pk=who.pk))
        done.append(sum(each.invited for each in outcomes))

    assert at_once(lambda: all_of_them(cast.cora), lambda: all_of_them(cast.otto)) == []
    run_jobs()
    assert sorted(done) == [0, 4] and sorted(mail.to[0] for mail in mailoutbox) == sorted(addresses.values())


def test_one_person_in_two_cycles_is_invited_once(cast, mailoutbox):
    """Two programmes at the same moment, each with its own coordinator: the person is the lock."""
    other = partnerships.open_programme(name="Other", coordinator=cast.otto.person, by=HOUSE)
    cycles = [cast.cycle, fellowships.open_cycle(programme=other, name="Next", by=cast.otto)]
    person = actions.add_person(name="Bo", by=HOUSE)
    actions.open_sign_in(person=person, email="bo@example.org", by=HOUSE)
    refs = [fellowships.add_fellow(cycle=cycle, person=Person.objects.get(pk=person.pk), by=HOUSE).ref for cycle in cycles]
    told: list[bool] = []

    def run(number: int) -> None:
        by = User.objects.get(pk=(cast.cora, cast.otto)[number].pk)
        cycle = type(cast.cycle).objects.get(pk=cycles[number].pk)
        told.extend(
            each.invited for each in fellowships.invite_cohort(cycle=cycle, addresses={refs[number]: "bo@example.org"}, by=by)
        )

    assert at_once(lambda: run(0), lambda: run(1)) == []
    run_jobs()
    assert sorted(told) == [False, True] and len(mailoutbox) == 1


def test_pasted_lines_sent_twice_at_once_are_done_once(cast, mailoutbox):
    lines = [MemberLine(n, f"P{n}", f"p{n}@agency.example", "reviewer") for n in range(1, 4)]

    def click() -> None:
        agency = Organisation.objects.get(pk=cast.agency.pk)
        partnerships.invite_members(organisation=agency, lines=lines, by=User.objects.get(pk=cast.cora.pk))

    assert at_once(click, click, click) == []
    run_jobs()
    assert len(mailoutbox) == 3 and Membership.objects.filter(person__name__startswith="P").count() == 3
    assert Programme.objects.count() == 1


# What the database refuses, whoever asks.


@pytest.mark.parametrize(
    "wrong",
    [
        {"scope": "everywhere"},
        {"revoked_at": timezone.now()},
        {"revoked_by": "somebody"},
        {"consumed_at": timezone.now(), "revoked_at": timezone.now(), "revoked_by": "x"},
        {"expires": timezone.now().replace(year=2001)},
    ],
)
def test_what_cannot_be_is_refused(cast, wrong):
    ines = invite(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.filter(pk=ines.pk).update(**wrong)


def test_only_one_stands_for_a_person_and_no_secret_is_used_twice(cast, mailoutbox):
    ines, other = invite(cast), invite(cast, "Ole", "ole@agency.example")
    run_jobs()
    same = {
        "person": ines.person,
        "email": "x@example.org",
        "what": "x",
        "where": "x",
        "place": "x:y",
        "role": "x",
        "scope": "site",
    }
    later = {"by": "house", "expires": timezone.now() + (ines.expires - ines.created)}
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.create(**same, **later)
    ines.refresh_from_db()
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.filter(pk=other.pk).update(token=ines.token)
    assert connection.vendor in ("sqlite", "postgresql")
