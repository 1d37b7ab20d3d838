"""Before what cannot be undone one shows once more who one is, and nothing that was typed is lost."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from mou.models import Signature
from tests.accounts.steps import inside, with_app
from tests.conftest import PASSWORD
from tests.house import routes, templates
from tests.reading import page, problems, soup, title

CONFIRM = "/accounts/confirm/"
# What one does for others and cannot take back. The list is written by hand: a page that is added is thought about.
FRESH = {
    "accounts:erasure_ask", "accounts:export_ask", "accounts:export_file", "accounts:person_erase", "accounts:person_export",
    "accounts:address_change", "accounts:second_step_clear", "accounts:sign_in_deactivate", "accounts:sign_in_reactivate",
    "fellowships:fellow_withdraw", "fellowships:placement_complete", "fellowships:placement_withdraw",
    "mou:agreement_decline", "mou:agreement_sign", "mou:agreement_withdraw", "partnerships:output_remove",
    "partnerships:programme_open", "partnerships:programme_role_give", 
}  # fmt: skip


# What many read and few act on: there the act alone asks.
FRESH_ACTS = {"fellowships:cycle_share", "fellowships:placement_share", "mou:agreement_share", "partnerships:hackathon_share"}


# Here a password is not enough, if there is a second step.
FRESH_STEPS = {"app_add", "passkey_add", "recovery_codes", "step_remove"}


def test_these_pages_ask_and_no_other():
    assert {name for name, (_, view) in routes().items() if getattr(view, "fresh", False) is True} == FRESH
    assert {name for name, (_, view) in routes().items() if getattr(view, "fresh", False) == "POST"} == FRESH_ACTS
    assert {name for name, (_, view) in routes().items() if getattr(view, "fresh", False) == "step"} == FRESH_STEPS


def test_every_page_that_says_that_there_is_no_way_back_is_one_of_them():
    """By the name that page and template share: whoever writes that sentence has to mark the page."""
    said = re.compile(r"cannot be (?:undone|taken back)", re.I)
    telling = {f"{app}:{path.stem}" for app, path, text in templates() if said.search(text) and path.stem != "confirm"}
    assert len(telling) >= 5 and telling - FRESH - FRESH_STEPS == set()


@pytest.fixture
def later():
    """Eleven minutes after whoever signed in before."""
    with time_machine.travel(timezone.now() + timedelta(minutes=11)) as travel:
        yield travel


@pytest.fixture
def sofias(client, cast, agreement):
    client.force_login(cast.sofia)
    return client


@pytest.fixture
def sign(agreement):
    return f"/desk/agreements/{agreement.ref}/sign/"


@pytest.fixture
def answers(agreement):
    return {"consent": "on", "shown": agreement.version().sha256}


def test_within_ten_minutes_of_coming_in_nothing_is_asked(sofias, sign, answers):
    with time_machine.travel(timezone.now() + timedelta(minutes=9)):
        assert sofias.get(sign).status_code == 200
        assert sofias.post(sign, answers).status_code == 302 and Signature.objects.count() == 1


def test_later_the_page_asks_for_the_password_and_leads_back(sofias, sign, later):
    answer = sofias.get(sign, follow=True)
    assert title(answer).startswith("Confirm that it is you") and answer.redirect_chain[0][0].startswith(CONFIRM)
    where = answer.redirect_chain[0][0]
    wrong = sofias.post(where, {"again-secret": "not the one"})
    assert (wrong.status_code, problems(wrong)) == (422, ["Password: This is not your password. Type it again."])
    assert "not the one" not in wrong.content.decode()
    assert sofias.post(where, {"again-secret": PASSWORD})["Location"] == sign
    assert sofias.get(sign).status_code == 200


def test_what_was_typed_too_late_is_kept_and_done_with_the_password(sofias, sign, answers, later):
    answer = sofias.post(sign, answers)
    assert answer.status_code == 422 and Signature.objects.count() == 0
    assert "What you typed is kept" in page(answer)
    form = soup(answer).select_one("main form")
    sent = {each["name"]: each["value"] for each in form.select("input[type=hidden]") if each["name"] != "csrfmiddlewaretoken"}
    assert sent == answers and not form.get("action")
    wrong = sofias.post(sign, sent | {"again-secret": "not the one"})
    assert problems(wrong) == ["Password: This is not your password. Type it again."] and Signature.objects.count() == 0
    assert sofias.post(sign, sent | {"again-secret": PASSWORD})["Location"].endswith("?receipt=1")
    assert Signature.objects.count() == 1


def test_what_was_typed_is_carried_along_to_the_letter(client, ada, cast, later):
    client.force_login(ada)
    later.shift(timedelta(minutes=11))
    typed = {"email": "amir+new@example.org", "reason": 'He said "yes" & <called> ‏back'}
    answer = client.post(f"/desk/people/{cast.amir.person.ref}/address/", typed)
    kept = {each["name"]: each["value"] for each in soup(answer).select("main input[type=hidden]")}
    assert {name: kept[name] for name in typed} == typed


def test_who_may_not_hears_that_and_not_the_question(client, cast, agreement, sign):
    client.force_login(cast.amir)
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert client.get(sign).status_code == client.post(sign).status_code == 403
        client.force_login(cast.otto)
    with time_machine.travel(timezone.now() + timedelta(minutes=22)):
        assert client.get(sign).status_code == client.post(sign).status_code == 404


def test_a_code_confirms_as_well_and_counts_once(sofias, cast, sign):
    app = with_app(cast.sofia)
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        code = app.code()
        other = Client()
        other.force_login(cast.sofia)
        assert sofias.post(CONFIRM, {"again-secret": code}).status_code == 302
        assert sofias.get(sign).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(minutes=22)):
        assert problems(other.post(CONFIRM, {"again-secret": code}))[0].startswith("Password, or a code: This code does not fit.")


def test_tries_are_few_and_are_those_of_the_person_not_of_the_browser(sofias, cast, later):
    for _try in range(5):
        assert sofias.post(CONFIRM, {"again-secret": "not the one"}).status_code == 422
    other = Client()
    other.force_login(cast.sofia)
    later.shift(timedelta(minutes=4))
    answer = other.post(CONFIRM, {"again-secret": PASSWORD})
    assert problems(answer) == ["Password: Too many tries. Wait five minutes, then try again."]
    assert inside(sofias)  # it holds up nobody who reads


@pytest.mark.parametrize("place", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""])
def test_it_leads_nowhere_else(sofias, later, place):
    assert sofias.post(f"{CONFIRM}?next={place}", {"again-secret": PASSWORD})["Location"] == "/desk/"
