"""The list of agreements at the desk: who is waited for, what it can be narrowed to, and the file of the same rows."""

import csv
import io
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import actions as accounts
from core.access import HOUSE
from mou import actions, demo
from mou.models import Agreement
from partnerships import actions as partnerships

LIST = "/desk/agreements/"


def text(response) -> str:
    return " ".join(response.content.decode().split())


def rows(response) -> list[list[str]]:
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))


def sent_days_ago(agreement: Agreement, days: int) -> None:
    Agreement.objects.filter(pk=agreement.pk).update(sent_at=timezone.now() - timedelta(days=days))


@pytest.fixture
def listed(client, cast):
    """Ask for the list as somebody: listed("cora", state="out")."""

    def ask(name: str, **query: str):
        client.force_login(getattr(cast, name))
        return client.get(LIST, query)

    return ask


def test_a_row_says_who_is_waited_for_and_since_when(listed, agreement):
    sent_days_ago(agreement, 18)
    page = text(listed("cora"))
    assert "1 agreement" in page
    assert "Sofia, Agency" in page and "Nora, NGO" in page and "Waiting 18 days" in page


def test_who_has_signed_is_no_longer_waited_for(listed, cast, agreement):
    demo.sign(agreement, [cast.sofia])
    page = text(listed("cora"))
    assert "Nora, NGO" in page and "Sofia, Agency" not in page


def test_what_waits_longest_comes_first_and_what_waits_for_nobody_last(listed, agreements, agreement_in_force):
    first, second = agreements(2)
    sent_days_ago(first, 3)
    sent_days_ago(second, 9)
    assert [row[0] for row in rows(listed("cora", format="csv"))[1:]] == [second.ref, first.ref, agreement_in_force.ref]


def test_the_file_has_the_rows_and_the_words_of_the_page(listed, cast, agreement):
    sent_days_ago(agreement, 2)
    head, line = rows(listed("cora", format="csv"))
    sent = timezone.localdate() - timedelta(days=2)
    assert dict(zip(head, line, strict=True)) == {
        "Number": agreement.ref,
        "Title": agreement.title,
        "State": "Out for signature",
        "Parties": "NGO; Agency",
        "Waits for": "Nora; Sofia",
        "Days waiting": "2",
        "Sent": sent.isoformat(),
        "First day": cast.starts.isoformat(),
        "Last day": cast.ends.isoformat(),
    }


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"state": "out"}, ["No. 2", "No. 1"]),
        ({"state": "in_force"}, ["Host"]),
        ({"q": "host agency"}, ["Host"]),
        ({"q": "No."}, ["No. 2", "No. 1"]),
        ({"waits": "long"}, ["No. 2"]),
        ({"party": "elsewhere"}, []),
        ({"sort": "-title"}, ["No. 2", "No. 1", "Host"]),
        ({"sort": "number"}, ["Host", "No. 1", "No. 2"]),
    ],
)
def test_filters_and_orders_live_in_the_address(listed, cast, agreement_in_force, agreements, query, found):
    sent_days_ago(agreements(2)[1], 15)
    titles = [row[1].split(":")[0].removesuffix(" placement") for row in rows(listed("cora", **query, format="csv"))[1:]]
    assert titles == found


def test_a_coordinator_finds_what_the_parties_are_and_others_only_what_they_see(listed, cast, agreement):
    assert agreement.title in text(listed("amir", party=cast.agency.ref))
    for name in ("otto", "rita", "felix", "rooth", "edna"):
        page = text(listed(name))
        assert agreement.title not in page and "Agency" not in page
        assert rows(listed(name, format="csv"))[1:] == []


def test_a_draft_is_not_in_the_list_of_the_other_party_before_it_is_sent(listed, agreement_draft):
    assert agreement_draft.ref in text(listed("cora"))
    assert agreement_draft.ref not in text(listed("amir"))


def test_me_to_sign_finds_what_this_person_has_not_signed(listed, cast, agreement):
    assert agreement.ref in text(listed("sofia", waits="me"))
    demo.sign(agreement, [cast.sofia])
    assert "No agreement fits" in text(listed("sofia", waits="me"))
    assert "No agreement fits" in text(listed("amir", waits="me"))


def test_an_empty_list_says_what_comes_next(listed, cast):
    assert "No agreement is here for you yet" in text(listed("otto"))


@pytest.mark.parametrize(
    "query",
    [
        {"page": "1e9"},
        {"page": "-1"},
        {"sort": "programme__organisation__membership__person__name"},
        {"sort": "organisation__user__password"},
        {"state": "nonsense"},
        {"party__organisation__user__password__startswith": "a"},
        {"q": "\x00"},
        {"q": "x" * 5000},
        {"waits": "everybody"},
        {"programme": "1 OR 1=1"},
        {"format": "exe"},
    ],
)
def test_whatever_the_address_says_the_answer_is_a_page(listed, agreement, query):
    assert listed("cora", **query).status_code == 200


def test_what_cannot_be_understood_is_said_and_shows_no_longer_list(listed, agreement):
    page = text(listed("cora", state="nonsense"))
    assert "Choose one of the list." in page and "No agreement fits" in page and agreement.ref not in page
    assert page.split("<title>")[1].strip().startswith("Error:")


def test_a_cell_that_begins_like_a_formula_stays_text(listed, cast, agreement_draft):
    actions.set_terms(agreement=agreement_draft, terms={}, title="=HYPERLINK(1)", by=cast.cora)
    assert rows(listed("cora", format="csv"))[1][1] == "'=HYPERLINK(1)"


def test_names_with_markup_are_shown_as_they_were_typed(listed, cast, agreement):
    partnerships.edit_organisation(organisation=cast.agency, facts={"short_name": "</p><script>1</script>"}, by=cast.cora)
    page = text(listed("cora"))
    assert "<script>1" not in page and "&lt;/p&gt;&lt;script&gt;" in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_is_flat_in_queries(client, cast, agreements, django_assert_num_queries, count):
    for made in agreements(count):
        demo.sign(made, [cast.nora])
    client.force_login(cast.cora)
    with django_assert_num_queries(18):
        response = client.get(LIST)
    assert text(response).count('<th scope="row">') == count


def test_a_sign_in_without_a_person_sees_nothing(client, cast, agreement):
    accounts.close_sign_in(user=cast.amir, by=HOUSE)
    client.force_login(cast.rooth)
    assert agreement.ref not in client.get(LIST).content.decode()
