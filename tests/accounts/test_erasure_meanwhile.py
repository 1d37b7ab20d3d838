"""What others write while somebody is erased is looked for once more, after the commit; then nothing has the words any more."""

from threading import Event as Signal

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts import actions, jobs
from accounts.models import Erasure, Person, User
from core import audit, erasing, notify
from core.access import HOUSE
from core.action import action
from core.models import Event, Message
from core.privacy import subject_of
from partnerships import actions as partnerships
from tests.threads import aside, at_once

NAME, ADDRESS = "Zoe Zander", "zoe@example.org"
pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture
def zoe(cast) -> User:
    person = actions.add_person(name=NAME, by=HOUSE)
    user = actions.open_sign_in(person=person, email=ADDRESS, by=HOUSE)
    role = partnerships.add_member(organisation=cast.agency, person=person, role="official", by=HOUSE)
    partnerships.end_membership(membership=role, by=HOUSE)
    return User.objects.get(pk=user.pk)


@pytest.fixture
def erasure(zoe) -> Erasure:
    """Decided; its job has not run."""
    facts = {"confirmed_at": timezone.now(), "confirmed_by": HOUSE.ref, "digest": erasing.plan(subject_of(zoe.person)).digest}
    return Erasure.objects.create(person=zoe.person, reason="Asked.", **facts)


def write(cast, to: str = "cora@example.org", begun: Signal | None = None, go: Signal | None = None) -> None:
    """Somebody else, who read the name before, writes it: an event, a message to them and one about them."""

    @action
    def name_them() -> None:
        audit.record("organisation.member_added", cast.agency, by=cast.cora, person="P", name=NAME, role="Official")
        if begun and go:
            begun.set()
            assert go.wait(60)
        for number, address in enumerate((to, ADDRESS)):
            text = notify.Text(subject=f"About {NAME}", lines=(f"{NAME} is at it.",), link="/", link_label="Open", why="-")
            notify.post(f"meanwhile:{number}", [address], text, about=cast.agency)

    name_them()


def left() -> list[str]:
    """Where a word of theirs stands: events, messages, requests, tasks."""
    found = [f"event {event.seq}" for event in Event.objects.all() if NAME in str(event.data)]
    mails = [(each.key, f"{each.to} {each.subject} {each.lines}") for each in Message.objects.all()]
    found += [f"message {key}" for key, text in mails if NAME in text or ADDRESS in text]
    found += ["request" for each in Erasure.objects.all() if each.also]
    return found + ["task" for task in DBTaskResult.objects.all() if NAME in str(task.args_kwargs)]


@pytest.mark.postgres
def test_what_another_connection_commits_before_the_second_look_goes_as_well(cast, zoe, erasure):
    jobs.erase_person(erasure.ref)
    assert aside(lambda: write(cast)) is None
    assert len(left()) >= 3
    jobs.erase_again(erasure.ref)
    assert left() == [] and audit.verify() is None
    told = Event.objects.count()
    jobs.erase_again(erasure.ref)  # done twice it is done once
    assert Event.objects.count() == told
    assert Person.objects.get(pk=zoe.person.pk).erased_at is not None


@pytest.mark.postgres_only
def test_what_another_connection_is_writing_meanwhile_goes_as_well(cast, zoe, erasure):
    begun, go = Signal(), Signal()

    def erase() -> None:
        assert begun.wait(60)
        jobs.erase_person(erasure.ref)
        go.set()

    assert at_once(lambda: write(cast, begun=begun, go=go), erase) == []
    assert any(each.startswith("event") for each in left())
    jobs.erase_again(erasure.ref)
    assert left() == [] and audit.verify() is None


def test_the_second_look_is_asked_for_in_the_same_transaction_and_knows_a_reference(zoe, erasure):
    jobs.erase_person(erasure.ref)
    (task,) = DBTaskResult.objects.filter(args_kwargs__icontains="erase_again")
    assert erasure.ref in str(task.args_kwargs) and NAME not in str(task.args_kwargs)
    erasure.refresh_from_db()
    assert sorted(erasure.also) == [NAME, ADDRESS]
