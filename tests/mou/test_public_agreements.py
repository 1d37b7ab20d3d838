"""The public register: only what is executed and published, live from the records, without people."""

import csv
import io
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from mou import actions, demo
from mou.models import Agreement, Duty
from partnerships import actions as partnerships

REGISTER = "/agreements/"


def text(response) -> str:
    return " ".join(response.content.decode().split())


@pytest.fixture
def published(cast, agreement_in_force):
    actions.publish_agreement(agreement=agreement_in_force, by=cast.cora)
    return agreement_in_force


def test_an_empty_register_says_what_will_be_here(client, agreement_in_force):
    assert "No agreement is published yet" in text(client.get(REGISTER))


def test_only_what_is_signed_and_published_is_there_in_every_shape(client, cast, published, agreements):
    hidden = agreements(3)
    signed = demo.sign(hidden[0], [cast.sofia, cast.nora])
    for address in (REGISTER, f"{REGISTER}?format=csv", f"{REGISTER}?format=json", f"{REGISTER}?q=No."):
        shown = client.get(address).content.decode()
        assert [row.ref for row in hidden if row.ref in shown] == []
    assert published.ref in text(client.get(REGISTER))
    for row in hidden:
        assert client.get(f"{REGISTER}{row.ref}/").status_code == 404
    actions.publish_agreement(agreement=signed, by=cast.cora)
    assert "2 agreements" in text(client.get(REGISTER))


def test_page_csv_and_json_count_the_same_and_say_the_same(client, cast, published):
    page, data = text(client.get(REGISTER)), client.get(f"{REGISTER}?format=json").json()
    lines = list(csv.DictReader(io.StringIO(client.get(f"{REGISTER}?format=csv").content.decode("utf-8-sig"))))
    assert "1 agreement" in page and data["count"] == len(data["agreements"]) == len(lines) == 1
    expected = {
        "number": published.ref,
        "title": published.title,
        "programme": "Open city",
        "state": "In force",
        "in_force_since": published.effective_on.isoformat(),
        "first_day": cast.starts.isoformat(),
        "last_day": cast.ends.isoformat(),
        "duty_dates": Duty.objects.count(),
        "duty_dates_late": 0,
        "address": f"http://127.0.0.1:8000/agreements/{published.ref}/",
    }
    parties = [{"role": "Programme", "name": "NGO"}, {"role": "Host", "name": "Agency"}]
    assert data["agreements"] == [expected | {"parties": parties}]
    assert data["licence"] == {"name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"}
    assert lines == [{name: str(value) for name, value in expected.items()} | {"parties": "NGO; Agency"}]


def test_no_person_and_no_address_is_on_a_public_page(client, published):
    for address in (REGISTER, f"{REGISTER}{published.ref}/", f"{REGISTER}?format=json", f"{REGISTER}?format=csv"):
        shown = client.get(address).content.decode()
        for secret in ("Sofia", "Nora", "Felix", "Stella", "Una Reed", "law@agency.example", "Quay Street", "20,000", "20000"):
            assert secret not in shown, (address, secret)


def test_the_page_says_what_each_side_promised_and_how_it_stands_today(client, cast, published):
    late = Duty.objects.get(obligation__key="OB-41")
    Duty.objects.filter(pk=late.pk).update(due=cast.today - timedelta(days=2))
    done = Duty.objects.get(obligation__key="OB-42")
    actions.report_duty(duty=done, evidence="Read.", by=cast.nora)
    actions.accept_duty(duty=done, by=cast.sofia)
    page = text(client.get(f"{REGISTER}{published.ref}/"))
    assert "Publish the brief to the fellow" in page and "1 late" in page and "Accepted" in page
    assert "Waits for an event" in page and "1 accepted, 1 late" in page and "Read." not in page


def test_what_happens_to_a_duty_is_on_the_page_at_the_next_request(cast, published):
    visitor, address = Client(), f"{REGISTER}{published.ref}/"
    assert "0 accepted" in text(visitor.get(address))
    done = Duty.objects.get(obligation__key="OB-42")
    actions.report_duty(duty=done, evidence="Read.", by=cast.nora)
    actions.accept_duty(duty=done, by=cast.sofia)
    assert "1 accepted" in text(visitor.get(address))
    actions.unpublish_agreement(agreement=published, by=cast.cora)
    assert visitor.get(address).status_code == 404
    assert published.ref not in text(visitor.get(REGISTER))


def test_a_new_name_of_a_party_is_on_the_page_at_the_next_request(cast, published):
    visitor = Client()
    assert "Agency" in text(visitor.get(REGISTER))
    partnerships.edit_organisation(organisation=cast.agency, facts={"name": "Ministry of Ships"}, by=cast.cora)
    assert "Ministry of Ships" in text(visitor.get(REGISTER))


def test_an_ended_one_stays_and_says_so(client, cast, published):
    actions.expire_agreement(agreement=published, today=cast.ends + timedelta(days=1), by=cast.cora)
    assert "Ended" in text(client.get(REGISTER)) and client.get(f"{REGISTER}{published.ref}/").status_code == 200


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({}, 2),
        ({"organisation": "agency"}, 1),
        ({"organisation": "ngo"}, 2),
        ({"state": "in_force"}, 2),
        ({"state": "expired"}, 0),
        ({"year": "now"}, 2),
        ({"q": "elsewhere"}, 1),
        ({"q": "elsewhere agency"}, 0),
    ],
)
def test_filters_live_in_the_address(client, cast, published, query, count):
    from accounts.models import User

    facts = {"address": "3 Lane", "legal_basis": "Act", "notice_email": "n@elsewhere.example"}
    partnerships.edit_organisation(organisation=cast.elsewhere, facts=facts, by=cast.cora)
    days = {"starts": cast.starts, "ends": cast.ends}
    other = demo.agreement_draft(cast.programme, cast.ngo, cast.elsewhere, title="Elsewhere", by=cast.cora, **days)
    demo.sign(demo.send(other, by=cast.cora), [User.objects.get(person=cast.otto.person), cast.nora])
    actions.publish_agreement(agreement=other, by=cast.cora)
    known = {"agency": cast.agency.ref, "ngo": cast.ngo.ref, "now": str(timezone.localdate().year)}
    asked = {name: known.get(value, value) for name, value in query.items()}
    assert client.get(REGISTER, {**asked, "format": "json"}).json()["count"] == count
    assert f"{count} agreement" in text(client.get(REGISTER, asked))


@pytest.mark.parametrize(
    "query",
    [
        {"page": "1e9"},
        {"year": "abc"},
        {"year": "2026' OR 1=1"},
        {"state": "draft"},
        {"organisation": "nobody"},
        {"q": "\x00"},
        {"party__signatory__name": "Sofia"},
        {"format": "xml"},
    ],
)
def test_whatever_the_address_says_the_answer_is_a_page_and_tells_no_more(client, cast, published, agreements, query):
    agreements(2)
    for shape in ({}, {"format": "json"}):
        response = client.get(REGISTER, {**query, **shape})
        assert response.status_code == 200 and "No. 1" not in response.content.decode()


def test_the_pages_take_no_post_and_set_no_cookie(client, published):
    for address in (REGISTER, f"{REGISTER}{published.ref}/"):
        assert client.post(address).status_code == 405
        assert dict(client.get(address).cookies) == {}


def test_markup_in_a_title_is_text(client, cast, published):
    Agreement.objects.filter(pk=published.pk).update(title="</h1><script>1</script>")
    for address in (REGISTER, f"{REGISTER}{published.ref}/"):
        assert "<script>1" not in client.get(f"{address}?q=").content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_register_is_flat_in_queries(cast, agreements, django_assert_num_queries, count):
    for made in agreements(count):
        actions.publish_agreement(agreement=demo.sign(made, [cast.sofia, cast.nora]), by=cast.cora)
    visitor = Client()
    for address, queries in [(REGISTER, 10), (f"{REGISTER}?format=csv", 7), (f"{REGISTER}{made.ref}/", 12)]:
        with django_assert_num_queries(queries):
            assert visitor.get(address).status_code == 200
