"""What the gallery of components shows: forms, a page of a list, a menu. Nothing else loads this."""

from datetime import UTC, date, datetime
from typing import Any

from django import forms, template
from django.core.paginator import Paginator
from django.utils.translation import gettext_lazy as _

register = template.Library()


class SampleForm(forms.Form):
    """One field of each sort that a page may ask with."""

    host = forms.ChoiceField(
        label=_("Host"), choices=[("h", "Halden County Health Department"), ("t", "Lower Tarn Water District")]
    )
    start = forms.DateField(
        label=_("First day"),
        help_text=_("A working day in the host’s calendar."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    supervisor = forms.CharField(label=_("Supervisor at the host"), help_text=_("One person, who signs the hours."))
    mail = forms.EmailField(label=_("E-mail address"), required=False)
    ceiling = forms.IntegerField(label=_("Ceiling"), help_text=_("In the currency of the text."))
    notes = forms.CharField(label=_("What is missing"), required=False, widget=forms.Textarea(attrs={"rows": 4}))
    letter = forms.FileField(label=_("Letter of support"), required=False, help_text=_("PDF, at most 10 MB."))
    password = forms.CharField(label=_("Password"), widget=forms.PasswordInput)
    public = forms.ChoiceField(
        label=_("May it be published?"),
        help_text=_("You can change it until then."),
        widget=forms.RadioSelect,
        choices=[("y", _("Yes, with its duties")), ("t", _("Yes, title and parties only")), ("n", _("No"))],
    )
    days = forms.MultipleChoiceField(
        label=_("Days in the office"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("1", _("Monday")), ("3", _("Wednesday"))],
    )
    read = forms.BooleanField(
        label=_("I have read this document and agree to it."),
        help_text=_("You may ask for paper instead, at no cost."),
        template_name="ui/field_box.html",
    )

    def clean(self) -> dict[str, Any]:
        raise forms.ValidationError(_("The umbrella leaves 148,000, and this asks for more."))


class SampleFilter(forms.Form):
    """The filters of a list."""

    q = forms.CharField(label=_("Words or number"), required=False, widget=forms.TextInput(attrs={"type": "search"}))
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("Any state")), ("d", _("Draft"))])
    host = forms.ChoiceField(label=_("Host"), required=False, choices=[("", _("Any host"))])
    mine = forms.BooleanField(label=_("Only mine"), required=False)


class SampleCode(forms.Form):
    """A field that a page lays out itself."""

    digits = forms.CharField(
        widget=forms.TextInput(attrs={"class": "code", "inputmode": "numeric", "autocomplete": "one-time-code"})
    )


@register.simple_tag
def samples() -> dict[str, Any]:
    sent = {"host": "h", "start": "2027-01-04", "ceiling": "72k", "days": ["3"]}
    return {
        "form": SampleForm(auto_id="fresh_%s", initial={"start": date(2027, 1, 4), "days": ["3"]}),
        "wrong": SampleForm(sent, auto_id="wrong_%s"),
        "filters": SampleFilter({"q": "clinic"}, auto_id="filter_%s"),
        "code": SampleCode(auto_id="code_%s"),
        "page": Paginator(range(130), 14).page(3),
        "moment": datetime(2026, 11, 20, 16, 2, tzinfo=UTC),
        "day": date(2026, 11, 23),
        "hash": "9f2c41d8a07be3650c1e7b94f25d8a3361b0c9fe48d7722ab5093ecf16d4e087",
        "other": "c07d5e1f92ab46e8830d61f5a4be92c7d318f60a55ce09b741fe2d86a0937bc4",
        "rows": [("Eastgate", 94), ("Millbrook", 38, "gone"), ("Harbour", 77, "wait"), ("Northfield", 0, "bad")],
        "menu": [
            {"label": _("Today"), "url": "/ui/", "icon": "sun", "current": True, "count": 8},
            {
                "title": "Civic Fellowship 2026–27",
                "entries": [
                    {"label": _("Agreements"), "url": "#a", "icon": "file-text", "count": 20},
                    {"label": _("Duties"), "url": "#d", "icon": "list-checks", "count": 17},
                ],
            },
            {
                "title": _("The programme"),
                "entries": [
                    {"label": _("People"), "url": "#p", "icon": "users"},
                    {"label": _("Calendar"), "url": "#c", "icon": "calendar"},
                ],
            },
        ],
    }
