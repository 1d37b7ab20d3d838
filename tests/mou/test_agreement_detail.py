"""The record of an agreement: who acts next, what each may do, the facts of the signatures, the files."""

import re
from datetime import timedelta

import pytest

from core.jobs import run_jobs
from mou import actions, demo
from mou.models import Duty, Rendition
from mou.states import DutyState
from partnerships import actions as partnerships


def text(response) -> str:
    return " ".join(response.content.decode().split())


@pytest.fixture
def record(client, cast):
    """The page as somebody sees it: record(agreement, "cora")."""

    def ask(agreement, name: str, query: str = "") -> str:
        client.force_login(getattr(cast, name))
        response = client.get(f"/desk/agreements/{agreement.ref}/{query}")
        assert response.status_code == 200
        return text(response)

    return ask


def test_a_draft_says_everything_that_is_missing_with_the_page_that_mends_each(record, cast, agreement_draft):
    page, base = record(agreement_draft, "cora"), f"/desk/agreements/{agreement_draft.ref}"
    assert "1 thing is missing before it can be sent" in page
    assert f'href="{base}/terms/"' in page and "“Hours a week”" in page
    for part in ("terms", "duties", "signatories", "text"):
        assert f'href="{base}/{part}/"' in page
    assert f'href="{base}/send/"' not in page


def test_a_missing_signatory_and_a_missing_fact_of_a_party_are_mended_where_they_are_kept(record, cast, agreements):
    actions_draft = demo.agreement_draft(
        cast.programme, cast.ngo, cast.elsewhere, starts=cast.starts, ends=cast.ends, by=cast.cora, title="Elsewhere"
    )
    page = record(actions_draft, "cora")
    assert f'href="/desk/organisations/{cast.elsewhere.ref}/edit/"' in page and "“Address”" in page


def test_the_button_that_stands_out_is_for_what_is_missing_first(record, cast, agreement_ready):
    def stands_out() -> list[str]:
        found = re.findall(r'<a class="btn btn--primary".*?</a>', record(agreement_ready, "cora"))
        return [" ".join(re.sub("<[^>]+>", " ", each).split()) for each in found]

    every = [row["id"] for _clause, row in agreement_ready.text.obligations()]
    for keys, button in [(every, "Choose duties"), ([], "Send")]:
        actions.leave_out_duties(agreement=agreement_ready, keys=keys, by=cast.cora)
        assert stands_out() == [button]
    partnerships.end_membership(membership=cast.agency.membership_set.get(person=cast.sofia.person), by=cast.cora)
    assert stands_out() == ["Signatories"]
    actions.set_terms(agreement=agreement_ready, terms={"placement.weekly_hours": None}, by=cast.cora)
    assert stands_out() == ["Fill in terms"]


def test_a_draft_without_a_blank_can_be_sent(record, agreement_ready):
    page = record(agreement_ready, "cora")
    assert "Nothing is missing: send it" in page and f'href="/desk/agreements/{agreement_ready.ref}/send/"' in page


def test_out_for_signature_it_names_both_and_then_who_is_left(record, cast, agreement):
    assert "Nora and Sofia sign next" in record(agreement, "cora")
    demo.sign(agreement, [cast.nora])
    page = record(agreement, "cora")
    assert "Sofia signs next" in page and "Remind Sofia" in page and "Signed" in page


def test_the_named_signatory_is_asked_to_sign_and_a_reviewer_has_nothing_to_press(record, agreement):
    signer, reviewer = record(agreement, "sofia"), record(agreement, "amir")
    assert "You sign next" in signer and f'href="/desk/agreements/{agreement.ref}/sign/"' in signer
    assert f'href="/desk/agreements/{agreement.ref}/decline/"' in signer
    for act in ("sign", "decline", "recall", "withdraw", "remind", "publish", "terms", "send"):
        assert f"/desk/agreements/{agreement.ref}/{act}/" not in reviewer
    assert "Nora and Sofia sign next" in reviewer and 'action="/desk/agreements' not in reviewer


def test_a_reminder_is_offered_once_a_day(record, cast, agreement):
    assert "Remind Nora and Sofia" in record(agreement, "cora")
    actions.remind_signatory(agreement=agreement, by=cast.cora)
    page = record(agreement, "cora")
    assert "Remind Nora" not in page and "Last reminder:" in page


def test_in_force_it_says_until_when_and_what_is_owed(record, cast, agreement_in_force):
    page = record(agreement_in_force, "amir")
    assert "In force until" in page and "All duties of this agreement" in page
    version = agreement_in_force.version()
    groups = [version.sha256[n : n + 8] for n in range(0, 64, 8)]
    assert " ".join(groups) in page and " ".join(groups[:4]) + " …" in page


def test_it_says_how_many_duties_are_late_and_soon_and_nothing_of_none(record, cast, agreement_in_force):
    Duty.objects.filter(state=DutyState.OPEN).update(due=cast.today + timedelta(days=90))
    assert "No duty is late." in record(agreement_in_force, "amir")
    first, second, third = Duty.objects.filter(state=DutyState.OPEN)[:3]
    Duty.objects.filter(pk=first.pk).update(due=cast.today - timedelta(days=1))
    Duty.objects.filter(pk__in=[second.pk, third.pk]).update(due=cast.today + timedelta(days=1))
    page = record(agreement_in_force, "amir")
    assert "1 duty is late." in page and "2 are due within 14 days." in page and "No duty is late." not in page


def test_a_series_of_dates_stands_on_one_line(record, agreement_in_force):
    page = record(agreement_in_force, "cora")
    assert page.count(">Publish the brief to the fellow</a>") == 1
    assert page.count('<th scope="row">') == 8  # of more than a hundred dates


@pytest.mark.slow
def test_a_pdf_that_is_not_made_yet_is_said_to_be_on_its_way(record, agreement_in_force):
    page = record(agreement_in_force, "amir")
    assert page.count("being made, ready in a minute") == 2 and "/pdf/" not in page
    run_jobs()
    page = record(agreement_in_force, "amir")
    assert "being made" not in page
    for kind in ("copy", "executed"):
        made = Rendition.objects.get(version__agreement=agreement_in_force, kind=kind)
        assert f'href="/desk/agreements/{agreement_in_force.ref}/pdf/{kind}/"' in page
        assert " ".join(made.sha256[n : n + 8] for n in range(0, 64, 8)) in page


def test_when_it_was_taken_back_the_parties_read_that_and_not_the_new_draft(record, cast, agreement):
    actions.recall_agreement(agreement=agreement, reason="A date was wrong.", by=cast.cora)
    actions.set_terms(agreement=agreement, terms={"agreement.courts": None}, by=cast.cora)
    outside, inside = record(agreement, "amir"), record(agreement, "cora")
    assert "Version 1 was taken back" in outside and "A date was wrong." in outside
    assert "missing before it can be sent" not in outside and "missing before it can be sent" in inside


def test_declined_it_says_why_and_the_coordinator_opens_it_again(record, cast, agreement):
    actions.decline_agreement(agreement=agreement, reason="The sum is wrong.", by=cast.sofia)
    page = record(agreement, "cora")
    assert "Declined: change it or withdraw it" in page and "The sum is wrong." in page
    assert f'action="/desk/agreements/{agreement.ref}/reopen/"' in page
    page = record(agreement, "amir")
    assert "the programme decides what follows" in page and "reopen" not in page


def test_the_receipt_is_for_whoever_signed(record, cast, agreement):
    demo.sign(agreement, [cast.sofia])
    page = record(agreement, "sofia", "?receipt=1")
    assert "You have signed" in page and "Nora signs for NGO." in page
    assert "I have read this agreement. I sign it for Agency and have the authority to do so." in page
    assert "You have signed" not in record(agreement, "sofia")
    assert "You have signed" not in record(agreement, "nora", "?receipt=1")


def test_an_agreement_whose_last_day_is_past_says_so(record, cast, agreement_in_force):
    actions.expire_agreement(agreement=agreement_in_force, today=cast.ends + timedelta(days=1), by=cast.cora)
    assert "Ended on" in record(agreement_in_force, "cora")


def test_strangers_get_the_same_404_as_for_what_is_not_there(client, cast, agreement):
    for name in ("otto", "felix", "rita", "edna", "rooth"):
        client.force_login(getattr(cast, name))
        there, absent = client.get(f"/desk/agreements/{agreement.ref}/"), client.get("/desk/agreements/CG-1999-0001/")
        assert (there.status_code, absent.status_code) == (404, 404)
        token = re.compile(rb'value="\w{64}"')
        assert token.sub(b"", there.content) == token.sub(b"", absent.content)


def test_a_title_with_markup_or_a_turn_of_direction_is_only_text(record, cast, agreement_ready):
    hostile = "</title><script>1</script>\u202egnp"
    actions.set_terms(agreement=agreement_ready, terms={}, title=hostile, by=cast.cora)
    assert "<script>1" not in record(agreement_ready, "cora")


@pytest.mark.parametrize("placements", [1, 3])
def test_the_record_is_flat_in_queries(client, cast, django_assert_num_queries, placements):
    from fellowships import actions as fellowships
    from fellowships import demo as scenes
    from tests.conftest import sign_in_for

    for number in range(placements - 1):
        fellow = fellowships.add_fellow(cycle=cast.cycle, person=sign_in_for(f"more{number}").person, by=cast.cora)
        fellowships.add_placement(fellow=fellow, host=cast.host, by=cast.cora)
    made = scenes.agreement_in_force(cast.host, [cast.sofia, cast.nora], by=cast.cora)
    client.force_login(cast.cora)
    with django_assert_num_queries(40):
        client.get(f"/desk/agreements/{made.ref}/")
