"""Signing: who may, what was shown, and two things at the same instant, on both databases."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts import actions as accounts
from core import audit
from core.access import HOUSE
from core.models import Event, Message
from core.states import WrongState
from mou import actions, demo, rules
from mou.models import Agreement, Duty, Obligation, Signature
from partnerships import actions as partnerships
from partnerships.models import Membership
from tests.threads import at_once


def races(test: Callable[..., None]) -> Callable[..., None]:
    """A test whose threads commit, on both databases."""
    return pytest.mark.postgres(pytest.mark.django_db(transaction=True)(test))


def shown(agreement: Agreement) -> str:
    version = agreement.version()
    assert version is not None
    return version.sha256


def signing(agreement: Agreement, by: Any) -> Callable[[], object]:
    """Sign as a request of one's own would: with rows that it fetched itself."""
    pk, digest = agreement.pk, shown(agreement)
    return lambda: actions.sign_agreement(agreement=Agreement.objects.get(pk=pk), shown=digest, by=by)


def recalling(agreement: Agreement, by: Any) -> Callable[[], object]:
    pk = agreement.pk
    return lambda: actions.recall_agreement(agreement=Agreement.objects.get(pk=pk), reason="A word was wrong.", by=by)


def ending(membership: Membership) -> Callable[[], object]:
    pk = membership.pk
    return lambda: partnerships.end_membership(membership=Membership.objects.get(pk=pk), by=HOUSE)


def verbs(agreement: Agreement) -> Counter[str]:
    return Counter(Event.objects.filter(subject=f"mou.agreement:{agreement.ref}").values_list("verb", flat=True))


@races
def test_two_who_sign_at_the_same_instant_bring_it_into_force_once(cast, agreements):
    made = agreements(6)
    quietly = demo.sign(made.pop(), [cast.sofia, cast.nora])
    duties = Duty.objects.filter(agreement=quietly).count()
    assert duties > 10
    for agreement in made:
        assert at_once(signing(agreement, cast.sofia), signing(agreement, cast.nora)) == []
        agreement.refresh_from_db()
        assert (agreement.state, agreement.effective_on) == ("in_force", timezone.localdate())
        assert sorted(Signature.objects.filter(version__agreement=agreement).values_list("name", flat=True)) == ["Nora", "Sofia"]
        assert verbs(agreement) == verbs(quietly)
        assert Duty.objects.filter(agreement=agreement).count() == duties
        assert Obligation.objects.filter(agreement=agreement).count() == Obligation.objects.filter(agreement=quietly).count()
        about = f"mou.agreement:{agreement.ref}"
        told = Counter(key.split(":")[0] for key in Message.objects.filter(about=about).values_list("key", flat=True))
        assert told == {"sent": 2, "signed": 2, "in_force": 3}  # to Sofia, Nora and Cora
        jobs = [row.args_kwargs["args"] for row in DBTaskResult.objects.all()]
        assert jobs.count(["mou.render_executed", agreement.ref, "1"]) == 1
    assert audit.verify() is None


@races
def test_one_who_signs_twice_at_once_has_signed_once(cast, agreements):
    for agreement in agreements(4):
        errors = at_once(*[signing(agreement, cast.sofia) for _ in range(3)])
        assert [(type(error), str(error)) for error in errors] == [
            (PermissionDenied, "You have signed this agreement already.")
        ] * 2
        assert Signature.objects.filter(version__agreement=agreement).count() == 1
        assert verbs(agreement)["agreement.signed"] == 1


@races
def test_of_a_last_signature_and_a_recall_at_once_exactly_one_counts(cast, agreements):
    outcomes = set()
    for agreement in agreements(8):
        signing(agreement, cast.nora)()
        errors = at_once(signing(agreement, cast.sofia), recalling(agreement, cast.cora))
        agreement.refresh_from_db()
        signed = verbs(agreement)["agreement.signed"] == 2
        assert [type(error) for error in errors] in ([PermissionDenied], [WrongState])
        assert agreement.state == ("in_force" if signed else "draft")
        assert verbs(agreement)["agreement.recalled"] == (0 if signed else 1)
        assert Duty.objects.filter(agreement=agreement).exists() == signed
        outcomes.add(agreement.state)
    assert outcomes <= {"in_force", "draft"}


@races
def test_of_a_signature_and_a_refusal_at_once_no_half_is_left(cast, agreements):
    for agreement in agreements(6):
        pk = agreement.pk
        refuse = lambda pk=pk: actions.decline_agreement(  # noqa: E731
            agreement=Agreement.objects.get(pk=pk), reason="Not like this.", by=cast.nora
        )
        errors = at_once(signing(agreement, cast.sofia), refuse)
        agreement.refresh_from_db()
        signatures = Signature.objects.filter(version__agreement=agreement).count()
        assert agreement.state == "declined"
        assert (signatures, [type(error) for error in errors]) in [(1, []), (0, [PermissionDenied])]


@races
def test_a_membership_that_ends_while_its_holder_signs_is_seen_or_was_not_there_yet(cast, agreements):
    for agreement in agreements(5):
        membership = Membership.objects.live().get(person=cast.sofia.person)
        errors = at_once(signing(agreement, cast.sofia), ending(membership))
        assert [type(error) for error in errors] in ([], [PermissionDenied])
        assert Signature.objects.filter(version__agreement=agreement).count() == 1 - len(errors)
        with pytest.raises(PermissionDenied):
            signing(agreement, cast.sofia)()
        Membership.objects.filter(pk=membership.pk).update(until=None)


def test_what_was_shown_has_to_be_what_is_out(cast, agreement):
    before = shown(agreement)
    actions.recall_agreement(agreement=agreement, reason="A word was wrong.", by=cast.cora)
    actions.set_terms(agreement=agreement, terms={"agreement.courts": "the courts of Saltmere"}, by=cast.cora)
    actions.send_agreement(agreement=agreement, by=cast.cora)
    assert shown(agreement) != before
    for stale in (before, "", "0" * 64):
        with pytest.raises(actions.StaleText):
            actions.sign_agreement(agreement=agreement, shown=stale, by=cast.sofia)
    assert Signature.objects.count() == 0 and agreement.state == "out"
    signing(agreement, cast.sofia)()
    assert Signature.objects.get().shown == shown(agreement)


def test_a_signature_under_a_version_that_was_taken_back_does_not_count(cast, agreement):
    signing(agreement, cast.nora)()
    actions.recall_agreement(agreement=agreement, reason="A word was wrong.", by=cast.cora)
    actions.set_terms(agreement=agreement, terms={"agreement.courts": "the courts of Saltmere"}, by=cast.cora)
    actions.send_agreement(agreement=agreement, by=cast.cora)
    signing(agreement, cast.sofia)()
    agreement.refresh_from_db()
    assert (agreement.state, [party.organisation for party in agreement.missing_signatures()]) == ("out", [cast.ngo])
    signing(agreement, cast.nora)()
    agreement.refresh_from_db()
    assert (agreement.state, Signature.objects.count()) == ("in_force", 3)


def test_who_is_not_the_signatory_does_not_sign_and_is_told_why(cast, agreement):
    named = "You are not named to sign this agreement. Nora (NGO) and Sofia (Agency) sign it."
    refused = {}
    for name in ("cora", "amir", "stella", "felix", "otto", "carol", "rita", "audrey", "edna", "rooth"):
        with pytest.raises(PermissionDenied) as error:
            actions.sign_agreement(agreement=agreement, shown=shown(agreement), by=getattr(cast, name))
        refused[name] = str(error.value)
    assert set(refused.values()) == {named}
    assert Signature.objects.count() == 0


def test_a_second_signatory_of_the_same_organisation_is_not_the_one_who_is_named(cast, agreement):
    partnerships.add_member(organisation=cast.agency, person=cast.stella.person, role="signatory", by=HOUSE)
    with pytest.raises(PermissionDenied, match="not named"):
        signing(agreement, cast.stella)()
    signing(agreement, cast.sofia)()
    assert Signature.objects.get().person == cast.sofia.person


def test_a_signature_outlives_the_sign_in_and_the_name(cast, agreement):
    signing(agreement, cast.sofia)()
    accounts.close_sign_in(user=cast.sofia, by=HOUSE)
    type(cast.sofia.person).objects.filter(pk=cast.sofia.person.pk).update(name="Sofia Newname")
    signature = Signature.objects.get()
    assert (signature.person, signature.name, signature.organisation_name) == (cast.sofia.person, "Sofia", "Agency")


@pytest.mark.postgres
@pytest.mark.parametrize("what", ["of another text", "by somebody else", "for the other party"])
def test_the_database_refuses_a_signature(cast, agreement, what):
    programme, host = agreement.parties()
    facts: dict[str, Any] = {
        "version": agreement.version(),
        "party": host,
        "person": cast.sofia.person,
        "name": "Sofia",
        "organisation_name": "Agency",
        "shown": shown(agreement),
        "consent": "I agree.",
        "method": "password",
        "signed_at": timezone.now(),
    }
    forged = {
        "of another text": {"shown": "0" * 64},
        "by somebody else": {"person": cast.otto.person},
        "for the other party": {"party": programme},
    }[what]
    with pytest.raises(DatabaseError, match="signature_of_what_is_out"), transaction.atomic():
        Signature.objects.create(**facts | forged)
    assert Signature.objects.count() == 0
    Signature.objects.create(**facts)  # it is the forgery that was refused
    assert Signature.objects.count() == 1


@pytest.mark.postgres
def test_the_database_refuses_a_signature_under_a_version_that_is_not_out(cast, agreement):
    version, host = agreement.version(), agreement.parties()[1]
    actions.recall_agreement(agreement=agreement, reason="A word was wrong.", by=cast.cora)
    facts = {"version": version, "party": host, "person": cast.sofia.person, "name": "Sofia", "organisation_name": "Agency"}
    with pytest.raises(DatabaseError, match="signature_of_what_is_out"), transaction.atomic():
        Signature.objects.create(**facts, shown=version.sha256, consent="I", method="password", signed_at=timezone.now())


@pytest.mark.postgres
@pytest.mark.parametrize("signatories", [[], ["sofia"], ["nora"]], ids=["nobody", "the host alone", "the programme alone"])
def test_the_database_refuses_force_without_every_signature(cast, agreement, signatories):
    demo.sign(agreement, [getattr(cast, name) for name in signatories])
    with pytest.raises(DatabaseError, match="force_needs_signatures"), transaction.atomic():
        Agreement.objects.filter(pk=agreement.pk).update(state="in_force", effective_on=cast.today)
    row = Agreement.objects.filter(pk=agreement.pk).values().get() | {"id": None, "ref": "FORGED", "state": "in_force"}
    with pytest.raises(DatabaseError, match="force_needs_signatures"), transaction.atomic():
        Agreement.objects.create(**row | {"effective_on": cast.today})
    assert set(Agreement.objects.values_list("state", flat=True)) == {"out"}


def test_the_rule_of_the_page_is_the_rule_of_the_action(cast, agreement):
    """The button is there for whom the action accepts: both ask rules.sign_agreement."""
    may = {
        name
        for name in ("cora", "amir", "sofia", "nora", "carol", "audrey")
        if rules.sign_agreement(getattr(cast, name), agreement)
    }
    assert may == {"sofia", "nora"}


@pytest.mark.parametrize(
    ("name", "status"), [("rita", 404), ("otto", 404), ("rooth", 404), ("amir", 403), ("carol", 403), ("cora", 403)]
)
def test_the_page_is_not_there_for_a_stranger_and_refuses_a_reader_with_the_reason(client, cast, agreement, name, status):
    client.force_login(getattr(cast, name))
    address = f"/desk/agreements/{agreement.ref}/sign/"
    for answer in (client.get(address), client.post(address, {"shown": shown(agreement), "consent": "on"})):
        assert answer.status_code == status
        assert (b"You are not named to sign this agreement." in answer.content) == (status == 403)
    assert Signature.objects.count() == 0
