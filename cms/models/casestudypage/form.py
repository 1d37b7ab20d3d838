"""What a case study must say before it is published, and the editor's form that says so at once."""

from collections.abc import Mapping
from datetime import date
from html import unescape
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm

from cms.blocks import RECORDS, offered
from cms.models.casestudypage.query import whole_name, years_of
from partnerships.models import Organisation

TOLD = ("problem", "how_we_worked", "what_we_built", "challenges")


def faults_of(facts: Mapping[str, Any], today: date) -> dict[str, Any]:
    """What keeps a case study from being published: {field: sentence}. Drafts may have all of it (S0-16, S3-1, S3-8)."""
    found: dict[str, Any] = {name: _("This is part of every case study.") for name in TOLD if not _says_something(facts[name])}
    if facts["outcome"] and facts["no_outcome_yet"]:
        found["no_outcome_yet"] = _("There is a figure above. Untick this, or empty the figure.")
    if not facts["outcome"] and not facts["no_outcome_yet"]:
        found["outcome"] = _("Give a figure, or tick “there is no outcome yet”.")
    if facts["outcome"]:
        needed = ("outcome_label", "outcome_date", "outcome_source")
        found |= {name: _("A figure needs this.") for name in needed if not facts[name]}
    if facts["outcome_date"] and facts["outcome_date"] > today:
        found["outcome_date"] = _("This day has not come yet. Give the day on which it was measured.")
    if not years_of(facts["cycle"], facts["year"]):
        found["year"] = _("Give the year of the work, or choose a cycle that has one.")
    if facts["picture"] and not facts["picture_alt"]:
        found["picture_alt"] = _("Say what the picture shows, for people who do not see it.")
    return found


def _says_something(html: Any) -> bool:
    """The editor hands over an empty paragraph where nothing was written."""
    return bool(plain(html).strip())


def plain(html: Any) -> str:
    """The words without the markup."""
    return unescape(strip_tags(str(html or "").replace("<", " <")))


OUTCOME = ("outcome", "outcome_unit", "outcome_label", "outcome_date", "outcome_source", "no_outcome_yet")
CHECKED = (*TOLD, *OUTCOME, "cycle", "year", "picture", "picture_alt")


class CaseStudyForm(WagtailAdminPageForm):
    """Says at once what publishing would refuse. A draft is saved as it is."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if cycle := self.fields.get("cycle"):
            cycle.queryset = cycle.queryset.select_related("programme")
            cycle.label_from_instance = whole_name
        for name, formset in self.formsets.items():
            for each in formset.forms if name in ("records", "agencies") else ():
                self._offer(each)

    def _offer(self, form: Any) -> None:
        """What may be picked in one line: what is public, what stood there, and what this person sees in the register."""
        for name, model in {**RECORDS, "organisation": Organisation}.items():
            if name in form.fields:
                held = Q(pk__in=offered(model).values("pk")) | Q(pk=getattr(form.instance, f"{name}_id"))
                if model is Organisation and self.for_user is not None:
                    held |= Q(pk__in=Organisation.objects.visible_to(self.for_user).values("pk"))
                form.fields[name].queryset = model._default_manager.filter(held)

    def is_valid(self) -> bool:
        """Who is sensitive is looked for when all of the page is known, its lines of organisations and records as well."""
        valid: bool = super().is_valid()
        if valid and not self.is_deferred_validation:
            page = self.instance
            page.words = page.folded()
            for sentence in page.why_kept_back(agencies=self._lines("agencies"), records=self._lines("records")):
                self.add_error(None, sentence)
            valid = not self.errors
        return valid

    def _lines(self, name: str) -> list[Any]:
        """The lines of this name that the page will have: those that were sent, and those that it has and nobody took out."""
        formset = self.formsets[name]
        gone = {each.instance.pk for each in formset.deleted_forms}
        kept = [each for each in formset.forms if each not in formset.deleted_forms and (each.instance.pk or each.has_changed())]
        sent = [each.instance for each in kept]
        known = gone | {row.pk for row in sent}
        return [*sent, *(row for row in getattr(self.instance, name).all() if row.pk not in known)]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if not self.is_deferred_validation:
            faults = faults_of({name: cleaned.get(name) for name in CHECKED}, timezone.localdate())
            for name, sentence in faults.items():
                if name not in self.errors:
                    self.add_error(name, sentence)
        return cleaned
