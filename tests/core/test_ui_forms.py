"""Forms: label, hint, error and control in this order and tied together, and a summary that leads to each field."""

from textwrap import dedent

import pytest
from django import forms
from django.forms import formset_factory

from core.templatetags.gallery import SampleFilter, SampleForm
from tests.core.outline import HOSTILE, drawn, outline, shape


class One(forms.Form):
    """A form of the one field that a test asks about."""


def field(made: forms.Field, data: dict[str, str] | None = None, **extra: object) -> str:
    form = type("One", (One,), {"it": made})(data, **extra)
    return outline(form["it"].as_field_group())


def test_a_field_with_an_error_says_it_and_is_tied_to_it():
    made = forms.CharField(label="Supervisor", help_text="One person.")
    assert (
        field(made, {})
        == dedent("""
        div.field.field--err
          label[for=id_it]
            "Supervisor"
          div#id_it_helptext.field__hint
            "One person."
          div#id_it_error
            p.field__err
              svg.icon
              span
                span.vh
                  "Error:"
                "This field is required."
          input#id_it.input[type=text][name=it][required][aria-invalid=true][aria-describedby=id_it_helptext id_it_error]
    """).strip()
    )


def test_a_field_that_may_stay_empty_says_so():
    assert (
        field(forms.CharField(label="Notes", required=False, widget=forms.Textarea(attrs={"rows": 4})))
        == dedent("""
        div.field
          label[for=id_it]
            "Notes"
            span.field__opt
              "(optional)"
          textarea#id_it.input[name=it][cols=40][rows=4]
    """).strip()
    )


@pytest.mark.parametrize(
    ("widget", "control"),
    [
        (forms.DateInput(attrs={"type": "date"}), "input#id_it.input.input--m[type=date][name=it][required]"),
        (forms.NumberInput, "input#id_it.input.input--s[type=number][name=it][required]"),
        (forms.PasswordInput, "input#id_it.input[type=password][name=it][required]"),
        (forms.ClearableFileInput, "input#id_it.input[type=file][name=it][required]"),
        (forms.Select(choices=[]), "select#id_it.input[name=it]"),
        (forms.TextInput(attrs={"class": "code input--s"}), "input#id_it.input.code.input--s[type=text][name=it][required]"),
    ],
)
def test_every_sort_of_control_gets_its_dress(widget, control):
    assert field(forms.Field(widget=widget)).splitlines()[3].strip() == control


def test_choices_stand_in_a_fieldset_with_a_legend():
    made = forms.ChoiceField(
        label="Publish?", help_text="Later too.", widget=forms.RadioSelect, choices=[("y", "Yes"), ("n", "No")]
    )
    assert (
        field(made, {"it": "n"})
        == dedent("""
        fieldset.field[aria-describedby=id_it_helptext]
          legend
            "Publish?"
          div#id_it_helptext.field__hint
            "Later too."
          div.choices
            label.choice
              input#id_it_0[type=radio][name=it][value=y][required]
              span
                "Yes"
            label.choice
              input#id_it_1[type=radio][name=it][value=n][required][checked]
              span
                "No"
    """).strip()
    )


def test_one_box_to_tick_has_its_words_beside_it_and_can_stand_in_a_frame():
    made = forms.BooleanField(label="I agree", help_text="Paper is free.", template_name="ui/field_box.html")
    assert (
        field(made, {})
        == dedent("""
        div.field.field--err
          div#id_it_error
            p.field__err
              svg.icon
              span
                span.vh
                  "Error:"
                "This field is required."
          label.choice.choice--box
            input#id_it[type=checkbox][name=it][required][aria-invalid=true][aria-describedby=id_it_helptext id_it_error]
            span
              "I agree"
          div#id_it_helptext.field__hint.field__tick-hint
            "Paper is free."
    """).strip()
    )


def test_labels_hints_values_and_errors_are_text():
    class Hostile(forms.Form):
        it = forms.CharField(label=HOSTILE, help_text=HOSTILE)

        def clean_it(self):
            raise forms.ValidationError(HOSTILE)

    for written in ("{{ form }}", "{% errors form %}", "{% form form submit=text %}{% endform %}", "{% filters form text %}"):
        html = drawn(written, form=Hostile({"it": HOSTILE}), text=HOSTILE, csrf_token="t")
        assert "&lt;script&gt;" in html
        assert [tag for tag in ("<script", "<img") if tag in html] == []


def test_a_form_shows_what_is_wrong_with_all_of_it_its_fields_and_the_hidden_ones():
    class Sample(forms.Form):
        name = forms.CharField()
        key = forms.CharField(widget=forms.HiddenInput, required=False)

        def clean(self):
            raise forms.ValidationError("Too much.")

    assert shape(
        "{% form form submit='Save' icon='check' id='f' action='/x/' %}Beside{% endform %}", form=Sample({}), csrf_token="t"
    ) == (
        dedent("""
            form#f.form[method=post][action=/x/][novalidate]
              input[type=hidden][name=csrfmiddlewaretoken][value=t]
              div.field.field--err
                div
                  p.field__err
                    svg.icon
                    span
                      span.vh
                        "Error:"
                      "Too much."
              div.field.field--err
                label[for=id_name]
                  "Name"
                div#id_name_error
                  p.field__err
                    svg.icon
                    span
                      span.vh
                        "Error:"
                      "This field is required."
                input#id_name.input[type=text][name=name][required][aria-invalid=true][aria-describedby=id_name_error]
              input#id_key[type=hidden][name=key]
              div.form__acts
                button.btn.btn--primary[type=submit]
                  svg.icon
                  "Save"
                "Beside"
        """).strip()
    )


def test_a_form_with_a_file_can_carry_it():
    assert "[enctype=multipart/form-data]" in shape(
        "{% form form submit='Send' %}{% endform %}", form=SampleForm(), csrf_token="t"
    )


class TestTheSummary:
    def test_leads_to_each_field_and_takes_the_focus(self):
        assert (
            shape("{% errors form %}", form=SampleForm({"ceiling": "72k"}))
            == dedent("""
            div#errors.errors[role=alert][tabindex=-1][aria-labelledby=errors-title][autofocus]
              h2#errors-title
                "There is a problem"
              ul
                li
                  "The umbrella leaves 148,000, and this asks for more."
                li
                  a[href=#id_host]
                    "Host: This field is required."
                li
                  a[href=#id_start]
                    "First day: This field is required."
                li
                  a[href=#id_supervisor]
                    "Supervisor at the host: This field is required."
                li
                  a[href=#id_ceiling]
                    "Ceiling: Enter a whole number."
                li
                  a[href=#id_password]
                    "Password: This field is required."
                li
                  a[href=#id_public_0]
                    "May it be published? This field is required."
                li
                  a[href=#id_read]
                    "I have read this document and agree to it. This field is required."
        """).strip()
        )

    def test_is_not_there_where_nothing_is_wrong(self):
        assert shape("{% errors form %}", form=SampleForm()) == ""
        assert shape("{% errors form %}", form=SampleFilter({})) == ""

    def test_takes_formsets_and_more_than_one_form(self):
        class Row(forms.Form):
            name = forms.CharField()

        rows = formset_factory(Row, max_num=1, validate_max=True)(
            {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "2", "form-0-name": "", "form-1-name": "x"}
        )
        shown = shape("{% errors rows form focus=False %}", rows=rows, form=Row({}))
        assert shown.count("[autofocus]") == 0
        assert [line.strip() for line in shown.splitlines() if '"' in line or "href" in line] == [
            '"There is a problem"',
            '"Please submit at most 1 form."',
            "a[href=#id_form-0-name]",
            '"Name: This field is required."',
            "a[href=#id_name]",
            '"Name: This field is required."',
        ]

    def test_names_what_is_wrong_with_a_hidden_field_without_a_link(self):
        class Hidden(forms.Form):
            key = forms.CharField(widget=forms.HiddenInput)

        assert '    li\n      "This field is required."' in shape("{% errors form %}", form=Hidden({}))

    def test_a_choice_of_nothing_is_told_without_a_place_to_go(self):
        class Nobody(forms.Form):
            who = forms.ChoiceField(label="Owner", choices=[], widget=forms.RadioSelect)

        assert '"Owner: This field is required."' in shape("{% errors form %}", form=Nobody({}))


def test_filters_ask_by_address_and_offer_to_clear():
    assert (
        shape('{% filters form "Filter the list" clear="/list/" %}', form=SampleFilter({"q": "x"}))
        == dedent("""
        form.filters[role=search][aria-label=Filter the list]
          div.field.field--grow
            label[for=id_q]
              "Words or number"
            input#id_q.input[type=search][name=q][value=x]
          div.field
            label[for=id_state]
              "State"
            select#id_state.input[name=state]
              option[value=][selected]
                "Any state"
              option[value=d]
                "Draft"
          div.field
            label[for=id_host]
              "Host"
            select#id_host.input[name=host]
              option[value=][selected]
                "Any host"
          div.field.field--tick
            label.choice
              input#id_mine[type=checkbox][name=mine]
              span
                "Only mine"
          div.filters__acts
            button.btn[type=submit]
              svg.icon
              "Show"
            a.btn.btn--quiet[href=/list/]
              "Clear"
    """).strip()
    )


def test_a_control_stands_alone():
    assert shape("{% control form.start %}", form=SampleForm()) == (
        "input#id_start.input.input--m[type=date][name=start][required][aria-describedby=id_start_helptext]"
    )


@pytest.mark.parametrize(
    ("name", "kind"),
    [("host", "plain"), ("public", "choices"), ("days", "choices"), ("read", "tick"), ("letter", "plain")],
)
def test_a_field_says_which_sort_it_is(name, kind):
    assert drawn("{{ field|kind }}", field=SampleForm()[name]) == kind


def test_the_cms_keeps_its_forms():
    """Django's widget templates are as Django wrote them: Wagtail's editor draws its own controls with them."""
    assert str(forms.TextInput().render("q", "x")) == '<input type="text" name="q" value="x">'
    assert 'class="choice' not in forms.RadioSelect(choices=[("a", "A")]).render("q", "a")
