"""Filling in the terms of a draft: one field a blank, saved when half filled, refused in clear words."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from core.models import Event
from mou import actions, demo
from mou.forms import AgreementTermsForm
from mou.rules import obstacles_to_sending


def text(response) -> str:
    return " ".join(response.content.decode().split())


@pytest.fixture
def terms(client, cast, agreement_draft):
    """Post the form as cora: what it showed, changed by what is given. terms({"money.instalments": "4"})."""
    client.force_login(cast.cora)
    address = f"/desk/agreements/{agreement_draft.ref}/terms/"

    def post(answers: dict[str, str]):
        agreement_draft.refresh_from_db()
        form, shown = AgreementTermsForm(agreement=agreement_draft), {}
        for field in form:
            value = field.value()
            if isinstance(value, dict):
                value = [f"{value['amount']}", value["currency"]]
            if isinstance(field.field.widget, type(form.fields["money.total"].widget)):
                shown |= {f"{field.name}_{n}": part for n, part in enumerate(value or ["", ""])}
            else:
                shown[field.name] = "" if value is None else str(value)
        return client.post(address, shown | answers)

    post.address = address
    return post


def errors(response) -> str:
    """What the summary at the top says."""
    page = text(response)
    return page[page.index("There is a problem") :].split("</ul>")[0]


def test_what_is_blank_stands_first_and_is_marked(client, cast, agreement_draft, terms):
    page = text(client.get(terms.address))
    first = page.index("Still to fill in")
    blanks = [blank.label for blank in agreement_draft.blanks()]
    assert page.count('class="state t-wait"') == len(blanks)
    assert [label for label in blanks if not first < page.index(f">{label} <") < page.index("Title and days")] == []


def test_what_the_records_say_is_shown_with_the_way_to_change_it(client, cast, terms):
    page = text(client.get(terms.address))
    assert "1 Quay Street" in page and "R-100" in page
    assert f'href="/desk/organisations/{cast.agency.ref}/edit/"' in page
    assert f'href="/desk/programmes/{cast.programme.ref}/edit/"' in page


def test_values_are_kept_by_the_name_of_their_blank_in_the_shape_that_the_text_prints(terms, agreement_draft):
    answers = {
        "placement.weekly_hours": "37.5",
        "placement.count": "2",
        "money.fee_per_fellow_0": "20,000",
        "money.fee_per_fellow_1": "eur",
        "money.instalments": "4",
        "agreement.governing_law": "the law of Saltmere",
        "variant.employment_status": "stipend",
        "policies": "Security rules of 2025\n\nHouse rules",
        "title": "A new title",
    }
    assert terms(answers).status_code == 302
    agreement_draft.refresh_from_db()
    expected = {
        "placement.weekly_hours": 37.5,
        "placement.count": 2,
        "money.fee_per_fellow": {"amount": 20000, "currency": "EUR"},
        "money.instalments": 4,
        "agreement.governing_law": "the law of Saltmere",
        "variant.employment_status": "stipend",
        "policies": ["Security rules of 2025", "House rules"],
    }
    assert {name: agreement_draft.terms[name] for name in expected} == expected
    assert agreement_draft.title == "A new title"


def test_half_filled_is_saved_and_says_how_much_is_left(client, terms, agreement_draft):
    before = len([blank for blank in agreement_draft.blanks() if "party:" not in blank.source])
    response = terms({"money.instalments": "4"})
    assert response["Location"] == terms.address
    assert f"Saved. {before - 1} blanks are left." in text(client.get(terms.address))


def test_a_default_that_nobody_changed_stays_the_templates(terms, agreement_draft):
    terms({"agreement.cure_days": "15"})
    agreement_draft.refresh_from_db()
    assert agreement_draft.terms["agreement.cure_days"] == 15
    assert "agreement.termination_days" not in agreement_draft.terms
    terms({"agreement.cure_days": "10"})
    agreement_draft.refresh_from_db()
    assert "agreement.cure_days" not in agreement_draft.terms


def test_emptying_a_field_makes_it_a_blank_again(terms, agreement_draft):
    terms({"money.instalments": "4"})
    terms({"money.instalments": ""})
    agreement_draft.refresh_from_db()
    assert "money.instalments" in [blank.id for blank in agreement_draft.blanks()]


def test_the_timeline_names_the_fields_in_words(terms, agreement_draft):
    terms({"money.instalments": "4"})
    event = Event.objects.filter(verb="agreement.terms_set", subject=f"mou.agreement:{agreement_draft.ref}").latest("seq")
    assert "“Number of instalments”" in event.data["fields"]
    assert event.data["changes"]["Number of instalments"] == [None, 4]


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"money.total_0": "-5", "money.total_1": "EUR"}, "An amount is not negative."),
        ({"money.total_0": "10" * 20, "money.total_1": "EUR"}, "Write 999,999,999,999 or less."),
        ({"money.total_0": "1.5", "money.total_1": "EUR"}, "as a whole number, without cents"),
        ({"money.total_0": "1,00", "money.total_1": "EUR"}, "as a whole number, without cents"),
        ({"money.total_0": "٣٠٠٠", "money.total_1": "EUR"}, "as a whole number, without cents"),
        ({"money.total_0": "5", "money.total_1": "EURO"}, "as its code of three letters"),
        ({"money.total_0": "5", "money.total_1": ""}, "as its code of three letters"),
        ({"money.total_0": "", "money.total_1": "EUR"}, "Write the amount before its currency"),
        (
            {"money.total_0": "5", "money.total_1": "EUR", "money.fee_per_fellow_0": "5", "money.fee_per_fellow_1": "USD"},
            "Write the fee and the total in one currency.",
        ),
        ({"placement.count": "1" + "0" * 30}, "Write 100000 or less."),
        ({"placement.count": "10" * 3000}, "Write a whole number"),
        ({"placement.count": "-1"}, "Write 0 or more."),
        ({"placement.count": "two"}, "Write a whole number"),
        ({"placement.briefing_days": "100000"}, "Write 3650 or less."),
        ({"placement.weekly_hours": "169"}, "A week has 168 hours."),
        ({"placement.weekly_hours": "NaN"}, "Write a number, such as 37.5."),
        ({"placement.project_share": "60", "placement.learning_share": "50"}, "together are more than 100 %"),
        ({"starts": "2027-05-02", "ends": "2027-05-01"}, "The last day lies before the first day."),
        ({"starts": "2027-05-02", "ends": "2047-05-01"}, "more than 10 years after the first"),
        ({"starts": "31/12/2027"}, "Write a day as year, month and day"),
        ({"starts": "9999-12-31"}, "Write a day from"),
        ({"agreement.courts": "x" * 501}, "Write at most 500 characters"),
        ({"agreement.courts": "courts\u202e of"}, "characters in it that nobody can see"),
        ({"agreement.courts": "courts\x07"}, "characters in it that nobody can see"),
        ({"agreement.courts": "cou\u200brts"}, "characters in it that nobody can see"),
        ({"agreement.courts": "courts\x00"}, "cannot be stored"),
        ({"agreement.courts": "{{ agreement.number }}"}, "double brackets mark what is still blank"),
        ({"agreement.courts": "[[Courts that decide]]"}, "double brackets mark what is still blank"),
        ({"title": ""}, "Fill this in."),
        ({"title": "x" * 201}, "Write at most 200 characters"),
        ({"variant.employment_status": "slave"}, "Choose one of the list."),
        ({"policies": "Rules\u202e"}, "characters in it that nobody can see"),
    ],
)
def test_what_a_text_cannot_hold_is_refused_and_nothing_typed_is_lost(terms, agreement_draft, answers, sentence):
    before = agreement_draft.terms
    response = terms({"agreement.languages": "Typed just now", **answers})
    page = text(response)
    assert response.status_code == 422 and sentence in errors(response)
    assert page.split("<title>")[1].strip().startswith("Error:") and 'value="Typed just now"' in page
    agreement_draft.refresh_from_db()
    assert agreement_draft.terms == before


def test_each_line_of_the_summary_leads_to_its_field(terms):
    page = text(terms({"money.total_0": "-5", "money.total_1": "EUR", "placement.count": "-1"}))
    for anchor in ("id_money.total_0", "id_placement.count"):
        assert f'href="#{anchor}"' in page and f'id="{anchor}"' in page


def test_letters_of_other_scripts_and_joiners_that_belong_to_them_are_kept(terms, agreement_draft):
    words = "محكمة المدينة – नगर न्यायालय क्\u200dष, città"
    assert terms({"agreement.courts": words}).status_code == 302
    agreement_draft.refresh_from_db()
    assert agreement_draft.terms["agreement.courts"] == words


def test_only_coordinators_and_only_in_a_draft(client, cast, agreement):
    address = f"/desk/agreements/{agreement.ref}/terms/"
    for name, status, words in [("cora", 403, "The text is frozen."), ("amir", 403, "Only a coordinator"), ("otto", 404, "")]:
        client.force_login(getattr(cast, name))
        for response in (client.get(address), client.post(address, {"title": "Mine"})):
            assert response.status_code == status and words in text(response)
    agreement.refresh_from_db()
    assert agreement.title != "Mine"


def test_the_days_of_a_placement_that_lie_outside_hold_the_sending_up(terms, cast, agreement_draft):
    demo.fill(agreement_draft, by=cast.cora)
    assert obstacles_to_sending(agreement_draft) == []
    assert terms({"ends": (cast.ends - timedelta(days=10)).isoformat()}).status_code == 302
    agreement_draft.refresh_from_db()
    found = obstacles_to_sending(agreement_draft)
    assert [(row.mend, row.sentence.split(" lie ")[0]) for row in found] == [("terms", "The days of Felix")]


def test_a_stranger_to_the_form_is_ignored(terms, agreement_draft):
    terms({"state": "in_force", "agreement.number": "CG-1", "units": "[]", "money.instalments": "3"})
    agreement_draft.refresh_from_db()
    assert agreement_draft.state == "draft" and "agreement.number" not in agreement_draft.terms
    assert agreement_draft.units  # what the placements say stays


def test_what_somebody_else_saved_meanwhile_is_not_overwritten_unseen(client, terms, cast, agreement_draft):
    seen = text(client.get(terms.address)).split('name="seen" value="')[1].split('"')[0]
    actions.set_terms(agreement=agreement_draft, terms={"money.instalments": 4}, by=cast.cora)
    response = terms({"seen": seen, "money.instalments": "6"})
    assert response.status_code == 422 and "Somebody has saved since you opened this page." in errors(response)
    agreement_draft.refresh_from_db()
    assert agreement_draft.terms["money.instalments"] == 4
    again = text(response).split('name="seen" value="')[1].split('"')[0]
    assert terms({"seen": again, "money.instalments": "6"}).status_code == 302


@pytest.mark.parametrize("number", [-1, 3651, "14", 1.5, True, 10**30])
def test_a_number_that_no_time_limit_can_count_with_is_refused_at_every_door(cast, agreement_draft, number):
    with pytest.raises(ValidationError, match="whole number from 0 to 3650"):
        actions.set_terms(agreement=agreement_draft, terms={"placement.briefing_days": number}, by=cast.cora)
