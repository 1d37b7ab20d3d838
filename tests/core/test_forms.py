"""Forms and filters of the desk: what is refused is said in our words, and what was typed stays."""

from datetime import date

import pytest
from django import forms
from django.core.exceptions import PermissionDenied, ValidationError

from core.forms import Day, Form, Lines, OnceForm


class Sample(Form):
    name = forms.CharField(max_length=20, required=False)
    text = forms.CharField(widget=forms.Textarea, required=False)
    first = Day(required=False)
    last = Day(required=False)
    mail = forms.EmailField(required=False)
    site = forms.URLField(required=False, assume_scheme="https")
    year = forms.IntegerField(required=False, min_value=1990, max_value=2100)
    kind = forms.ChoiceField(choices=[("a", "A")], required=False)
    tags = Lines(required=False, most=3, longest=5)

    def clean(self):
        self.later("first", "last")
        return self.cleaned_data


def wrong(**data) -> dict[str, list[str]]:
    return dict(Sample(data).errors)


HIDDEN = "There is a character in it that is not shown. Type it again instead of pasting it."


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("name", "x" * 100_000, "Write at most 20 characters; there are 100000."),
        ("name", "A\x00B", "There is a character in it that cannot be stored. Type it again."),
        ("name", "Nora\u202ekO", HIDDEN),
        ("name", "No\u200bra", HIDDEN),
        ("name", "Nora\u3164", HIDDEN),
        ("name", "No\u00adra", HIDDEN),
        ("name", "Nora\U000e0041", HIDDEN),
        ("name", "Nora\u2066O", HIDDEN),
        ("name", "Nora\nBcc: x", HIDDEN),
        ("text", "one\n\u202etwo", HIDDEN),
        ("text", "bell \x07", HIDDEN),
        ("first", "0001-01-01", "Write a day from 1 January 1990 to 31 December 2100."),
        ("first", "9999-12-31", "Write a day from 1 January 1990 to 31 December 2100."),
        ("first", "2027-02-30", "Write a day as year, month and day, such as 2027-01-31."),
        ("first", "tomorrow", "Write a day as year, month and day, such as 2027-01-31."),
        ("mail", "nora", "Write an e-mail address such as name@example.org."),
        ("site", "javascript:alert(1)", "Write a web address that begins with https://."),
        ("year", "1889", "Write a number from 1990 on."),
        ("year", "99999999999999999999", "Write a number up to 2100."),
        ("year", "soon", "Write a whole number."),
        ("kind", "b", "Choose one of the list."),
        ("tags", "a\nb\nc\nd", "Write at most 3 lines; there are 4."),
        ("tags", "a\nlonger", "Line 2 is longer than 5 characters."),
        ("tags", "\u202e", HIDDEN),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(field, typed, sentence):
    assert wrong(**{field: typed}) == {field: [sentence]}


@pytest.mark.parametrize("typed", ["Nour \u200fنور", "Zoë Müller-O’Brien", "李小龍", "𝒜da", "a\u200db"])
def test_names_of_all_scripts_pass(typed):
    assert wrong(name=typed) == {}


def test_several_lines_and_tabs_pass_where_several_lines_are_asked_for():
    assert wrong(text="one\r\n\ttwo\n\nthree") == {}


def test_a_last_day_before_the_first_is_put_on_the_last_day():
    assert wrong(first="2027-03-02", last="2027-03-01") == {"last": ["The last day cannot lie before the first, 2 March 2027."]}
    assert wrong(first="2027-03-02", last="2027-03-02") == {}


def test_a_day_is_shown_in_the_form_that_a_date_field_of_a_browser_reads():
    assert 'value="2027-03-02"' in str(Sample(initial={"first": date(2027, 3, 2)})["first"])
    assert 'type="date"' in str(Sample()["first"])


def test_lines_lose_blanks_and_doubles_and_come_back_as_they_were_typed():
    form = Sample({"tags": " a \n\nb\na\n"})
    assert form.is_valid()
    assert form.cleaned_data["tags"] == ["a", "b"]
    assert str(Sample(initial={"tags": ["a", "b"]})["tags"]).count("a\nb") == 1
    refused = Sample({"tags": "longer"})
    assert not refused.is_valid()
    assert "longer" in str(refused["tags"])


def test_a_required_choice_asks_to_choose_and_required_text_to_be_filled_in():
    class Required(Form):
        name = forms.CharField()
        kind = forms.ChoiceField(choices=[("a", "A")])

    assert dict(Required({}).errors) == {"name": ["Fill this in."], "kind": ["Choose one."]}


def test_a_form_that_has_to_be_changed_is_answered_with_422():
    assert Sample(None).status == Sample({}).status == 200
    assert Sample({"year": "x"}).status == 422


def test_what_an_action_refuses_stands_on_the_form():
    def invalid(**facts):
        raise ValidationError({"name": "Taken."})

    def denied(**facts):
        raise PermissionDenied("Not you.")

    for act, found in [(invalid, {"name": ["Taken."]}), (denied, {"__all__": ["Not you."]})]:
        form = Sample({})
        assert form.is_valid()
        assert form.tried(act, name="x") is None
        assert dict(form.errors) == found
    form = Sample({})
    assert form.tried(lambda **facts: facts["name"], name="x") == "x"
    assert form.is_valid()


class Once(OnceForm):
    name = forms.CharField()


def test_the_tick_for_another_one_of_the_same_name_is_asked_for_only_when_there_is_one():
    def refuse(**facts):
        raise ValidationError("There is one.", code="namesake")

    form = Once({"name": "Ada"})
    assert form.is_valid()
    assert form.cleaned_data == {"name": "Ada", "namesake": False}
    assert form["namesake"].is_hidden
    form.tried(refuse)
    assert not form["namesake"].is_hidden
    assert list(form.fields) == ["name", "namesake"]
    again = Once({"name": "Ada", "namesake": "on"})
    assert again.is_valid()
    assert again.cleaned_data["namesake"] is True
