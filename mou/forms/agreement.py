"""The terms of an agreement as a form, and the fields it is made of: words, sums and days that a text can hold."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import MESSAGES, Day, Form
from mou.documents import plain
from mou.kinds import CURRENCIES, MOST_DAYS, VARIANTS, Placeholder
from mou.models import Agreement

LONGEST = 500  # characters of one term; a clause is no place for an essay
MOST = 100_000  # of anything that is counted
MOST_MONEY = 999_999_999_999
MOST_YEARS = 10  # from the first day to the last
GROUPED = re.compile(r"\d{1,3}([ ,'’\u00a0\u202f]\d{3})+|\d+", re.ASCII)


def readable(text: str) -> None:
    """Every character can be seen, and none turns the direction of reading."""
    if plain(text).split() != unicodedata.normalize("NFC", text).split():
        raise ValidationError(_("There are characters in it that nobody can see. Type the words anew instead of pasting them."))


def no_blank(text: str) -> None:
    """It is not taken for a blank of the text."""
    if any(sign in text for sign in ("{{", "}}", "[[", "]]")):
        raise ValidationError(_("Write the words themselves: double brackets mark what is still blank."))


class Words(forms.CharField):
    """A line of text that an agreement can hold."""

    def __init__(self, *, max_length: int = LONGEST, **options: Any) -> None:
        super().__init__(max_length=max_length, validators=[readable, no_blank], error_messages=MESSAGES, **options)


class Prose(Words):
    """Several lines: a reason, a report."""

    widget = forms.Textarea

    def __init__(self, *, max_length: int = 2000, rows: int = 5, **options: Any) -> None:
        super().__init__(max_length=max_length, widget=forms.Textarea(attrs={"rows": rows}), **options)


class Number(forms.IntegerField):
    """A whole number of days, places, instalments."""

    def __init__(self, *, most: int = MOST, **options: Any) -> None:
        errors = {
            "invalid": gettext_lazy("Write a whole number, such as 10."),
            "min_value": gettext_lazy("Write 0 or more."),
            "max_value": gettext_lazy("Write %(limit_value)s or less."),
        }
        super().__init__(min_value=0, max_value=most, error_messages=errors, **options)


class Hours(forms.DecimalField):
    """A number of hours, halves and quarters included."""

    def __init__(self, **options: Any) -> None:
        errors = {
            "invalid": gettext_lazy("Write a number, such as 37.5."),
            "min_value": gettext_lazy("Write 0 or more."),
            "max_value": gettext_lazy("A week has %(limit_value)s hours."),
            "max_decimal_places": gettext_lazy("Write at most two digits after the point."),
        }
        super().__init__(min_value=0, max_value=168, decimal_places=2, error_messages=errors, **options)

    def clean(self, value: Any) -> int | float | None:
        """A number as JSON has it."""
        number = super().clean(value)
        if number is None:
            return None
        return int(number) if number == number.to_integral_value() else float(number)


class Sum(forms.MultiWidget):
    """An amount and its currency, side by side."""

    def __init__(self) -> None:
        amount = forms.TextInput(attrs={"inputmode": "numeric", "aria-label": _("Amount"), "autocomplete": "off"})
        currency = forms.TextInput(attrs={"aria-label": _("Currency, three letters"), "autocomplete": "off", "maxlength": 20})
        super().__init__([amount, currency], attrs={"class": "input--s"})

    def decompress(self, value: Any) -> list[str]:
        if not isinstance(value, dict):
            return ["", ""]
        return [f"{value['amount']:,}", value["currency"]]

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_0"


class Money(forms.MultiValueField):
    """{"amount": whole units, "currency": ISO 4217}; None when both are empty."""

    def __init__(self, **options: Any) -> None:
        fields = [forms.CharField(max_length=40), forms.CharField(max_length=20)]
        super().__init__(fields=fields, widget=Sum(), require_all_fields=False, **options)
        for field in self.fields:
            field.required = False

    def compress(self, data: list[str]) -> dict[str, Any] | None:
        typed, code = [text.strip() for text in data] if data else ("", "")
        if not typed and not code:
            return None
        if not typed:
            raise ValidationError(_("Write the amount before its currency, such as 20000 EUR."))
        return {"amount": self._amount(typed), "currency": self._currency(code)}

    @staticmethod
    def _amount(typed: str) -> int:
        if typed[0] in "-−–":
            raise ValidationError(_("An amount is not negative. Write 0 or more."))
        if not GROUPED.fullmatch(typed):
            raise ValidationError(_("Write the amount as a whole number, without cents, such as 20000."))
        amount = int(re.sub(r"\D", "", typed))
        if amount > MOST_MONEY:
            raise ValidationError(_("Write %(most)s or less.") % {"most": f"{MOST_MONEY:,}"})
        return amount

    @staticmethod
    def _currency(code: str) -> str:
        if code.upper() not in CURRENCIES:
            raise ValidationError(_("Write the currency as its code of three letters, such as EUR or USD."))
        return code.upper()


# What the terms do not ask for, because a record or the house says it: parties, number, version, calendar, days.
GIVEN = frozenset(
    {
        "agreement.number",
        "agreement.version",
        "agreement.effective_date",
        "agreement.expiry_date",
        "agreement.holiday_calendar",
        "agreement.time_zone",
        "placement.start_date",
        "placement.end_date",
    }
)
GROUPS: dict[str, Any] = {
    "cycle": gettext_lazy("The placement"),
    "placement": gettext_lazy("The placement"),
    "host": gettext_lazy("The placement"),
    "money": gettext_lazy("Money"),
    "licence": gettext_lazy("Openness"),
    "publication": gettext_lazy("Openness"),
    "agreement": gettext_lazy("Law, limits and notice"),
}
HOURS = frozenset({"placement.weekly_hours", "placement.supervision_hours"})


class AgreementTermsForm(Form):
    """The blanks of the template that people fill, each with a field of its type, named by the placeholder.

    Partly filled is fine: what is missing keeps the agreement from being sent, not from being saved.
    """

    def __init__(self, *args: Any, agreement: Agreement, **options: Any) -> None:
        self.agreement, self.template = agreement, agreement.text
        self.asked = [blank for blank in self.template.placeholders if blank.id not in GIVEN and "party:" not in blank.source]
        self.blank = {blank.id for blank in agreement.blanks()} - GIVEN
        self.current = agreement.changed.isoformat()
        self.blank |= {name for name in ("starts", "ends") if getattr(agreement, name) is None}
        super().__init__(*args, initial=self._initial(), **options)
        self.fields["title"] = Words(label=_("Title"), max_length=200)
        self.fields["starts"] = Day(label=_("First day"), required=False)
        self.fields["ends"] = Day(label=_("Last day"), required=False, help_text=_("The last day that the agreement covers."))
        for blank in self.asked:
            self.fields[blank.id] = self._field(blank)
        for name in ("starts", "ends", *(blank.id for blank in self.asked)):
            field = self.fields[name]
            field.template_name, field.blank = "mou/term.html", name in self.blank  # type: ignore[attr-defined]
        for row in self.template.variants:
            self.fields[f"variant.{row['id']}"] = self._variant(row)
        hint = _("One a line, as it is to be printed in the last exhibit.")
        self.fields["policies"] = Prose(label=_("Policies that apply"), required=False, rows=3, help_text=hint)

    def _initial(self) -> dict[str, Any]:
        terms, agreement = self.agreement.terms, self.agreement
        defaults = {blank.id: blank.default for blank in self.asked}
        chosen = {f"variant.{row['id']}": row["default"] for row in self.template.variants}
        own = {"title": agreement.title, "starts": agreement.starts, "ends": agreement.ends}
        return defaults | chosen | terms | own | {"policies": "\n".join(terms.get("policies", []))}

    def _field(self, blank: Placeholder) -> forms.Field:
        options: dict[str, Any] = {"label": blank.label, "required": False}
        if blank.id in HOURS:
            return Hours(**options)
        if blank.type == "number":
            return Number(most=MOST_DAYS if blank.id in self.template.counted else MOST, **options)
        if blank.type == "percent":
            return Number(most=100, help_text=_("In per cent."), **options)
        if blank.type == "money":
            return Money(help_text=_("Amount and currency, such as 20000 and EUR."), **options)
        if blank.type == "date":
            return Day(**options)
        if blank.type == "email":
            return forms.EmailField(**options)
        return Words(**options)

    def _variant(self, row: Mapping[str, Any]) -> forms.Field:
        names = VARIANTS.get(row["id"], {})
        choices = [(choice, names.get(choice, choice)) for choice in row["choices"]]
        return forms.ChoiceField(label=row["label"], choices=choices, widget=forms.RadioSelect, error_messages=MESSAGES)

    def groups(self) -> list[tuple[str, list[BoundField]]]:
        """(heading, fields): what is still blank first, then the rest by subject. The same before and after an error."""
        rows: dict[str, list[BoundField]] = {str(_("Title and days")): [self["title"], self["starts"], self["ends"]]}
        rows = {str(_("Still to fill in")): [self[blank.id] for blank in self.asked if blank.id in self.blank]} | rows
        for blank in self.asked:
            if blank.id not in self.blank:
                rows.setdefault(str(GROUPS.get(blank.id.split(".")[0], blank.label)), []).append(self[blank.id])
        rows[str(_("Which reading of the text"))] = [self[f"variant.{row['id']}"] for row in self.template.variants]
        rows[str(_("Exhibits"))] = [self["policies"]]
        return [(heading, fields) for heading, fields in rows.items() if fields]

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if self.data.get("seen", self.current) != self.current:
            said = _("Somebody has saved since you opened this page. What you typed is kept below; save again to put it there.")
            self.add_error(None, said)
        starts, ends = given.get("starts"), given.get("ends")
        if starts and ends and ends < starts:
            self.add_error("ends", _("The last day lies before the first day."))
        elif starts and ends and ends.year - starts.year > MOST_YEARS:
            self.add_error("ends", _("The last day lies more than %(years)s years after the first.") % {"years": MOST_YEARS})
        cycle = given.get("cycle.start_date"), given.get("cycle.end_date")
        if cycle[0] and cycle[1] and cycle[1] < cycle[0]:
            self.add_error("cycle.end_date", _("The last day of the cycle lies before its first day."))
        shares = given.get("placement.project_share"), given.get("placement.learning_share")
        if None not in shares and sum(shares) > 100:
            self.add_error("placement.learning_share", _("Project and learning together are more than 100 %."))
        fee, total = given.get("money.fee_per_fellow"), given.get("money.total")
        if fee and total and fee["currency"] != total["currency"]:
            self.add_error("money.total", _("Write the fee and the total in one currency."))
        return given

    def clean_policies(self) -> list[str]:
        """One a line; empty lines are none."""
        return [line for line in plain(self.cleaned_data["policies"]).splitlines() if line]

    def terms(self) -> dict[str, Any]:
        """{term: value as JSON has it, None where it is left to the record or the default}: for set_terms()."""
        found: dict[str, Any] = {"policies": self.cleaned_data["policies"] or None}
        for blank in self.asked:
            value = self.cleaned_data[blank.id]
            value = value.isoformat() if isinstance(value, date) else value
            found[blank.id] = None if value == blank.default else value
        for row in self.template.variants:
            found[f"variant.{row['id']}"] = self.cleaned_data[f"variant.{row['id']}"]
        return found

    def facts(self) -> dict[str, Any]:
        """Title and days, which are columns of the agreement."""
        return {name: self.cleaned_data[name] for name in ("title", "starts", "ends")}


class AgreementRecallForm(Form):
    """Why it is taken back: the signatories read it."""

    reason = Prose(label=gettext_lazy("Reason"), help_text=gettext_lazy("The signatories get it by mail."), max_length=1000)


class AgreementWithdrawForm(Form):
    """Why it will not be signed, and its number typed once more."""

    reason = Prose(label=gettext_lazy("Reason"), help_text=gettext_lazy("It stays in the timeline."), max_length=1000)
    number = forms.CharField(label=gettext_lazy("Number of the agreement"), max_length=40)

    def __init__(self, *args: Any, agreement: Agreement, **options: Any) -> None:
        super().__init__(*args, **options)
        self.agreement = agreement
        self.fields["number"].help_text = _("Type %(number)s to confirm.") % {"number": agreement.ref}

    def clean_number(self) -> str:
        if self.cleaned_data["number"].strip().upper() != self.agreement.ref:
            raise ValidationError(_("Type %(number)s, the number of this agreement.") % {"number": self.agreement.ref})
        return self.agreement.ref
