"""Erasing somebody: asked for, answered in a month, decided on figures, done as decided; refused while they act for others."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from accounts import actions, jobs, rules
from accounts.models import Consent, Erasure, Export, Person, User, one_month_after
from core import audit, erasing
from core.access import HOUSE
from core.audit import history
from core.models import Message
from core.privacy import subject_of
from fellowships import actions as fellowships
from fellowships.models import Fellow
from mou.models import Signature
from partnerships import actions as partnerships
from partnerships.models import Membership, Organisation
from tests.cms.stories import story
from tests.reading import buttons, next_of, page, problems, reason, rows, said

ASK = "/desk/me/erasure/"


@pytest.fixture
def zoe(cast) -> User:
    """Was an official of the agency, and is nothing any more."""
    person = actions.add_person(name="Zoe Zander", by=HOUSE)
    user = actions.open_sign_in(person=person, email="zoe@example.org", by=HOUSE)
    role = partnerships.add_member(organisation=cast.agency, person=person, role="official", by=HOUSE)
    partnerships.end_membership(membership=role, by=HOUSE)
    return User.objects.get(pk=user.pk)


def work() -> None:
    """What the worker does about people; the PDFs of agreements are others' concern."""
    for export in Export.objects.filter(made_at=None):
        jobs.make_export(export.ref)
    for erasure in Erasure.objects.filter(done_at=None).exclude(confirmed_at=None):
        jobs.erase_person(erasure.ref)
    for erasure in Erasure.objects.exclude(done_at=None):
        jobs.erase_again(erasure.ref)


def of(person, way: str = "erase/") -> str:
    return f"/desk/people/{person.ref}/{way}"


def decided(client, person, **facts):
    digest = erasing.plan(subject_of(person).looking_for(facts.get("also", "").splitlines())).digest
    return client.post(of(person), {"name": person.name, "reason": "Asked.", "digest": digest, **facts})


@pytest.fixture
def adas(client, ada) -> Client:
    client.force_login(ada)
    return client


def test_one_asks_and_an_administrator_has_a_month(client, cast, zoe, ada):
    client.force_login(zoe)
    seen = page(client.get(ASK))
    assert "Roles in organisations" in seen and "emptied" in seen and "Sign-in" in seen
    assert said(client.post(ASK, {"wish": "I moved away."}, follow=True)) == [
        "Your request is with the administrators of this site. They answer within a month."
    ]
    erasure = Erasure.objects.get()
    assert erasure.answer_by == one_month_after(timezone.localdate())
    assert "You asked to be erased" in page(client.get("/desk/me/"))
    client.force_login(ada)
    desk = page(client.get("/desk/"))
    assert "Answer Zoe Zander, who asks to be erased" in desk
    client.force_login(cast.cora)
    assert "Zoe Zander, who asks" not in page(client.get("/desk/"))
    assert client.get(f"/desk/erasures/{erasure.ref}/").status_code == 404


@pytest.mark.parametrize(
    ("asked", "by"),
    [
        (date(2026, 11, 22), date(2026, 12, 22)),
        (date(2026, 12, 31), date(2027, 1, 31)),
        (date(2027, 1, 31), date(2027, 2, 28)),
        (date(2028, 1, 30), date(2028, 2, 29)),
    ],
)
def test_a_month_is_the_same_day_of_the_next_or_its_last(asked, by):
    assert one_month_after(asked) == by


def test_it_is_taken_back_until_it_is_decided(client, cast, zoe):
    erasure = actions.ask_erasure(person=zoe.person, by=zoe)
    client.force_login(zoe)
    assert next_of(client.get(f"/desk/erasures/{erasure.ref}/"))[0] == "Your request is being looked at"
    assert said(client.post(f"/desk/erasures/{erasure.ref}/take-back/", follow=True)) == ["Taken back. Nothing is erased."]
    assert client.post(f"/desk/erasures/{erasure.ref}/take-back/").status_code == 403
    assert actions.ask_erasure(person=zoe.person, by=zoe) != erasure


def test_nobody_asks_for_somebody_else(cast, zoe):
    for by in (cast.cora, HOUSE):
        with pytest.raises(PermissionDenied):
            actions.ask_erasure(person=zoe.person, by=by)


def test_no_has_a_reason_that_is_mailed(adas, zoe):
    erasure = actions.ask_erasure(person=zoe.person, by=zoe)
    address = f"/desk/erasures/{erasure.ref}/refuse/"
    assert adas.post(address, {}).status_code == 422
    assert said(adas.post(address, {"reason": "The audit is open until May."}, follow=True)) == [
        "Answered. Zoe Zander gets the reason by mail."
    ]
    letter = Message.objects.get(key__startswith="erasure-refused:")
    assert letter.to == "zoe@example.org" and "The audit is open until May." in letter.lines[0]
    assert adas.get(address).status_code == 403
    assert Person.objects.get(pk=zoe.person.pk).erased_at is None


def test_the_page_is_the_dry_run_and_writes_nothing(adas, cast, zoe):
    Organisation.objects.filter(pk=cast.agency.pk).update(about="Ask Zoe Zander.")
    before = [User.objects.count(), Message.objects.count(), Membership.objects.count()]
    answer = adas.get(of(zoe.person))
    seen = page(answer)
    assert "This is what would be done; nothing has happened yet." in seen
    assert ["Sign-in", "1", "deleted"] in [row[:3] for row in rows(answer)] or "Sign-in 1" in seen
    assert f"{cast.agency.ref}: about" in seen
    assert [User.objects.count(), Message.objects.count(), Membership.objects.count()] == before


def test_it_is_done_as_the_figures_said(adas, cast, zoe):
    person, ref = zoe.person, zoe.person.ref
    actions.give_consent(person=person, item="public_name", by=zoe)
    Organisation.objects.filter(pk=cast.agency.pk).update(
        about="Ask Zoe Zander or zoe@example.org.", notice_email="zoe@example.org"
    )
    browser = Client()
    browser.force_login(zoe)
    assert browser.get("/desk/me/").status_code == 200
    found = erasing.plan(subject_of(person))
    chosen = [mention.key for mention in found.changeable]
    done = decided(adas, person, texts=chosen)
    erasure = Erasure.objects.get()
    assert done["Location"] == f"/desk/erasures/{erasure.ref}/"
    work()
    person = Person.objects.get(ref=ref)
    assert (person.name, str(person), person.erased_at is not None) == ("Erased person", "Erased person", True)
    assert not User.objects.filter(email="zoe@example.org").exists()
    assert browser.get("/desk/me/").status_code == 302  # the session is dead
    assert not Consent.objects.filter(person=person, withdrawn_at=None).exists()
    agency = Organisation.objects.get(pk=cast.agency.pk)
    assert (agency.about, agency.notice_email) == ("Ask [erased] or [erased].", "")
    assert Membership.objects.get(person=person).title == ""
    assert next_of(adas.get(done["Location"]))[0] == "The person was erased"
    assert history(person)[0].text.startswith("Ada erased the person: ")
    assert audit.names([ref]) == {ref: "Erased person"}
    assert audit.verify() is None
    assert "Erase" not in buttons(adas.get(of(person, "")))


def test_what_is_not_ticked_keeps_the_words(adas, cast, zoe):
    Organisation.objects.filter(pk=cast.agency.pk).update(about="Ask Zoe Zander.")
    decided(adas, zoe.person)
    work()
    assert Organisation.objects.get(pk=cast.agency.pk).about == "Ask Zoe Zander."
    assert Person.objects.get(pk=zoe.person.pk).erased_at is not None


def test_another_word_is_looked_for_and_shown_before_anything_happens(adas, cast, zoe):
    Organisation.objects.filter(pk=cast.agency.pk).update(about="Ring 0199 4242.")
    facts = {"name": "Zoe Zander", "reason": "Asked.", "also": "0199 4242"}
    first = adas.post(of(zoe.person), {**facts, "digest": erasing.plan(subject_of(zoe.person)).digest})
    assert first.status_code == 422 and "The figures have changed" in problems(first)[0]
    assert f"{cast.agency.ref}: about" in page(first)
    decided(adas, zoe.person, also="0199 4242", texts=["partnerships.Organisation"])
    work()
    assert Organisation.objects.get(pk=cast.agency.pk).about == "Ring [erased]."
    assert Erasure.objects.get().also == []


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"name": "Zoe"}, "This is not the name of the person. Type it as it stands above."),
        ({"reason": "Zoe Zander asked."}, "The reason stays for good. Write it without the name and without an address."),
        ({"reason": ""}, "Fill this in."),
        ({"digest": "0" * 64}, "The figures have changed since you opened the page. Look at them, then decide again."),
    ],
)
def test_what_is_not_decided_rightly_is_not_done(adas, zoe, facts, sentence):
    answer = decided(adas, zoe.person, **facts)
    assert answer.status_code == 422 and sentence in " ".join(problems(answer))
    work()
    assert Person.objects.get(pk=zoe.person.pk).erased_at is None


def test_figures_that_change_before_the_job_runs_are_asked_again(adas, cast, zoe, ada):
    decided(adas, zoe.person)
    Organisation.objects.filter(pk=cast.agency.pk).update(about="Ask Zoe Zander.")
    work()
    assert Person.objects.get(pk=zoe.person.pk).erased_at is None
    erasure = Erasure.objects.get()
    assert (erasure.confirmed_at, erasure.problem != "") == (None, True)
    assert "Decide again on erasing Zoe Zander" in page(adas.get("/desk/"))
    decided(adas, zoe.person)
    work()
    assert Person.objects.get(pk=zoe.person.pk).erased_at is not None


def test_a_role_a_signature_that_is_waited_for_and_a_placement_stand_in_the_way(adas, cast, zoe, agreement):
    ways = {
        cast.amir: "End the role first: Legal reviewer of Agency.",
        cast.sofia: f"{agreement.ref} waits for the signature: name somebody else first, or withdraw it.",
        cast.felix: "Complete or withdraw the placement at Agency first.",
    }
    for user, sentence in ways.items():
        answer = adas.get(of(user.person))
        assert sentence in page(answer) and "Erase for good" not in buttons(answer)
        assert decided(adas, user.person).status_code == 422
        with pytest.raises(PermissionDenied):
            actions.confirm_erasure(
                person=user.person, digest=erasing.plan(subject_of(user.person)).digest, chosen=[], reason="x", by=HOUSE
            )
    work()
    assert not Person.objects.exclude(erased_at=None).exists()


def test_a_role_that_is_given_before_the_job_runs_stops_it(adas, cast, zoe):
    decided(adas, zoe.person)
    partnerships.add_member(organisation=cast.ngo, person=zoe.person, role="official", by=HOUSE)
    work()
    assert Person.objects.get(pk=zoe.person.pk).erased_at is None
    assert "End the role first" in Erasure.objects.get().problem


def test_nobody_erases_themselves_and_only_administrators_erase(client, cast, zoe, ada):
    assert rules.erase_person(ada, ada.person).reason == "Nobody erases themselves. Another administrator does it."
    for user in (cast.cora, zoe, cast.rooth):
        with pytest.raises(PermissionDenied):
            actions.confirm_erasure(person=zoe.person, digest="", chosen=[], reason="x", by=user)
    client.force_login(cast.cora)
    assert "Only an administrator" in reason(client.get(of(zoe.person)))


def test_a_signature_keeps_its_printed_name(adas, cast, agreement_in_force):
    membership = Membership.objects.get(person=cast.sofia.person)
    partnerships.end_membership(membership=membership, by=HOUSE)
    decided(adas, cast.sofia.person)
    work()
    signature = Signature.objects.get(person=cast.sofia.person)
    assert (signature.name, str(signature.person)) == ("Sofia", "Erased person")


def test_somebody_of_the_same_name_keeps_theirs(adas, cast, zoe):
    other = actions.add_person(name="Zoe Zander", by=HOUSE)
    Organisation.objects.filter(pk=cast.agency.pk).update(about="Ask Zoe Zander.")
    assert "Somebody else has the same name" in page(adas.get(of(zoe.person)))
    decided(adas, zoe.person)
    work()
    assert Person.objects.get(pk=other.pk).name == "Zoe Zander"
    assert Organisation.objects.get(pk=cast.agency.pk).about == "Ask Zoe Zander."


def test_a_part_of_a_longer_name_stays(cast, zoe):
    subject = subject_of(zoe.person)
    text = "Zoe Zander, Zoe Zanderson, x.zoe@example.org, zoe@example.org.uk, ZOE ZANDER and zoe@example.org."
    assert subject.without(text) == (
        "[erased], Zoe Zanderson, x.zoe@example.org, zoe@example.org.uk, [erased] and [erased].",
        3,
    )


def test_the_last_mail_goes_to_who_asked_and_is_kept_nowhere(adas, zoe):
    actions.ask_erasure(person=zoe.person, by=zoe)
    mail.outbox.clear()
    decided(adas, zoe.person)
    work()
    assert [each.to for each in mail.outbox if each.subject == "You were erased"] == [["zoe@example.org"]]
    assert not Message.objects.filter(to="zoe@example.org").exists()


def test_copies_go_with_the_person(adas, zoe):
    actions.ask_export(person=zoe.person, by=zoe)
    work()
    assert Export.objects.get().ready
    decided(adas, zoe.person)
    work()
    assert not Export.objects.exists()


def test_somebody_erased_gets_no_name_and_no_sign_in_again(adas, zoe):
    decided(adas, zoe.person)
    work()
    person = Person.objects.get(pk=zoe.person.pk)
    actions.rename_person(person=person, name="Zoe Zander", by=HOUSE)
    assert Person.objects.get(pk=person.pk).name == "Erased person"
    with pytest.raises(PermissionDenied, match="was erased"):
        actions.open_sign_in(person=person, email="zoe@example.org", by=HOUSE)
    with pytest.raises(PermissionDenied, match="already"):
        actions.confirm_erasure(person=person, digest="", chosen=[], reason="x", by=HOUSE)


def test_the_command_says_what_it_would_do_and_does_it(cast, zoe):
    ref, out = zoe.person.ref, StringIO()
    Organisation.objects.filter(pk=cast.agency.pk).update(about="Ask Zoe Zander.")
    call_command("erase_person", ref, "--dry-run", stdout=out)
    told = out.getvalue()
    assert "1  deleted  Sign-in" in told and f"{cast.agency.ref}: about" in told and told.endswith("Nothing was done.\n")
    with pytest.raises(CommandError, match="--reason"):
        call_command("erase_person", ref, stdout=out)
    with pytest.raises(CommandError, match="nobody with the reference"):
        call_command("erase_person", "ABSENT", "--dry-run", stdout=out)
    call_command("erase_person", ref, "--reason", "By letter.", stdout=out)
    assert Person.objects.get(ref=ref).erased_at is not None
    assert Organisation.objects.get(pk=cast.agency.pk).about == "Ask [erased]."


def test_what_is_left_of_a_fellow_is_counted(adas, cast):
    fellowships.withdraw_placement(placement=cast.placement, reason="Moved.", ended_on=cast.today, by=cast.cora)
    decided(adas, cast.felix.person)
    work()
    fellow = Fellow.objects.get(pk=cast.fellow.pk)
    assert (str(fellow), fellow.home, fellow.skills) == ("Erased person", "", [])


def test_an_error_in_the_middle_leaves_everything(zoe, monkeypatch):
    found = erasing.plan(subject_of(zoe.person))
    actions.confirm_erasure(person=zoe.person, digest=found.digest, chosen=[], reason="x", by=HOUSE)

    def broken(*args, **kwargs) -> int:
        raise RuntimeError("the last step")

    monkeypatch.setattr(audit, "redact", broken)
    with pytest.raises(RuntimeError):
        actions.erase_person(erasure=Erasure.objects.get(), by=HOUSE)
    assert Person.objects.get(pk=zoe.person.pk).name == "Zoe Zander" and User.objects.filter(pk=zoe.pk).exists()


def test_a_published_story_loses_the_name_and_its_address(adas, cast, zoe):
    page_ = story(title="With Zoe Zander", problem="<p>Zoe Zander waited.</p>", more=[("paragraph", "<p>Zoe Zander</p>")])
    found = erasing.plan(subject_of(zoe.person))
    decided(adas, zoe.person, texts=[mention.key for mention in found.changeable])
    work()
    page_.refresh_from_db()
    assert (page_.title, page_.slug) == ("With [erased]", "with-erased")
    assert "Zander" not in str(page_.problem) + str(page_.more) + page_.words
    with pytest.raises(ValidationError):
        actions.confirm_erasure(person=cast.rita.person, digest="", chosen=[], reason="x", by=HOUSE)


def test_days_are_not_counted_twice(zoe):
    assert timezone.localdate() + timedelta(days=27) < one_month_after(timezone.localdate())
