"""One's own record: what is known, what was agreed to, what happened. Nobody else's."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import actions
from accounts.models import Consent, Person
from core.public import generation

RECORD, CONSENT = "/desk/me/", "/desk/me/consents/public_name/"


def read(client, user) -> str:
    client.force_login(user)
    return re.sub(r"\s+", " ", client.get(RECORD).content.decode())


def test_it_shows_name_address_roles_consents_and_what_happened(client, cast):
    html = read(client, cast.nora)
    for fact in ("Nora", "nora@example.org", "Your roles", "NGO", "Lead", "Signatory", "My name on public pages", "Not agreed"):
        assert fact in html
    assert "The system opened a sign-in." in html
    assert "Agency" not in html and "sofia" not in html.lower()


def test_a_role_that_ended_is_not_shown(client, cast):
    html = read(client, cast.rita)
    assert "Your roles" not in html and "Agency" not in html


def test_one_agrees_and_takes_it_back_with_buttons(client, cast):
    client.force_login(cast.felix)
    before = generation()
    agreed = client.post(CONSENT, {"agree": "yes"}, follow=True).content.decode()
    assert "Agreed. You can take this back here at any time." in agreed and "Take it back" in agreed
    assert list(Person.objects.named_in_public()) == [cast.felix.person]
    taken = client.post(CONSENT, {"agree": "no"}, follow=True).content.decode()
    assert "Taken back. It is gone from every public page." in taken and "I agree" in taken
    assert list(Person.objects.named_in_public()) == []
    assert generation() == before + 2
    html = read(client, cast.felix)
    assert html.index("Felix took back the agreement to") < html.index("Felix agreed to")


def test_a_text_that_changed_says_so_until_one_agrees_anew(client, cast):
    person = cast.felix.person
    Consent.objects.create(person=person, item="public_name", version="2019-01", given_at=timezone.now() - timedelta(days=9))
    assert "The text has changed since" in read(client, cast.felix)
    actions.withdraw_consent(person=person, item="public_name", by=cast.felix)
    actions.give_consent(person=person, item="public_name", by=cast.felix)
    assert "The text has changed since" not in read(client, cast.felix)


def test_an_item_that_is_none_is_not_there(client, cast):
    client.force_login(cast.felix)
    assert client.post("/desk/me/consents/everything/", {"agree": "yes"}).status_code == 404
    assert client.get(CONSENT).status_code == 405
    assert Consent.objects.count() == 0


def test_an_administrator_has_no_person_and_so_nothing_to_agree_to(client, cast):
    html = read(client, cast.rooth)
    assert "rooth@example.org" in html and "It belongs to nobody in the work" in html and "I agree" not in html
    assert client.post(CONSENT, {"agree": "yes"}).status_code == 404


def test_it_is_for_the_signed_in(client, db):
    assert client.get(RECORD)["Location"] == f"/accounts/login/?next={RECORD}"
    assert client.post(CONSENT, {"agree": "yes"})["Location"] == f"/accounts/login/?next={CONSENT}"


@pytest.mark.parametrize("times", [1, 3])
def test_it_takes_as_many_queries_whatever_happened(client, cast, django_assert_num_queries, times):
    for _time in range(times):
        actions.give_consent(person=cast.nora.person, item="public_name", by=cast.nora)
        actions.withdraw_consent(person=cast.nora.person, item="public_name", by=cast.nora)
    client.force_login(cast.nora)
    with django_assert_num_queries(17):
        client.get(RECORD)
