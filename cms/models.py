"""What the public reads: the only models that know Wagtail. Facts on these pages come live from the records."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page
from wagtail.search import index

from fellowships.models import Cycle
from fellowships.states import CycleState
from mou.models import Agreement

WORDS = ["bold", "link", "ol", "ul", "h3", "document-link"]  # no images, embeds or code in running text
SUMMARY_WORDS = 60


def few_words(text: str) -> None:
    """Raises ValidationError beyond 60 words: a summary is read on a phone and in a list (requirement S4-5)."""
    count = len(text.split())
    if count > SUMMARY_WORDS:
        raise ValidationError(_("%(count)s words; a summary has at most %(most)s.") % {"count": count, "most": SUMMARY_WORDS})


class HomePage(Page):
    """The front page of the site."""

    lead = models.TextField(_("lead"), validators=[few_words])
    body = RichTextField(_("text"), features=WORDS, blank=True)

    max_count = 1
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["cms.CaseStudyIndexPage"]
    content_panels = [*Page.content_panels, FieldPanel("lead"), FieldPanel("body")]
    template = "cms/home_page.html"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        stories = CaseStudyPage.objects.live().public().order_by("-first_published_at")[:3]
        cycles = Cycle.objects.published().select_related("programme")[:3]
        agreements = Agreement.objects.published()
        return super().get_context(request, *args, **kwargs) | {
            "stories": stories,
            "cycles": cycles,
            "executed": agreements.count(),
        }


class CaseStudyIndexPage(Page):
    """All case studies, the newest first."""

    lead = models.TextField(_("lead"), blank=True, validators=[few_words])

    max_count = 1
    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cms.CaseStudyPage"]
    content_panels = [*Page.content_panels, FieldPanel("lead")]
    template = "cms/case_study_index_page.html"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        stories = CaseStudyPage.objects.child_of(self).live().public().order_by("-first_published_at")
        return super().get_context(request, *args, **kwargs) | {"stories": stories}


class CaseStudyPage(Page):
    """What was tried, how, with what result, and what did not work. How we worked comes before what we built."""

    summary = models.TextField(_("summary"), validators=[few_words], help_text=_("In plain words, at most 60 of them."))
    cycle = models.ForeignKey(
        Cycle,
        verbose_name=_("cycle"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        limit_choices_to={"state": CycleState.PUBLISHED},
        help_text=_("Its hosts, days and agreements are shown from the records, as they are at that moment."),
    )
    problem = RichTextField(_("the problem"), features=WORDS)
    how_we_worked = RichTextField(_("how we worked"), features=WORDS)
    what_we_built = RichTextField(_("what we built"), features=WORDS)
    challenges = RichTextField(_("what did not work"), features=WORDS)
    outcome = models.CharField(_("outcome in figures"), max_length=60, blank=True, help_text=_("For example: 11 days"))
    outcome_label = models.CharField(_("what the figure says"), max_length=200, blank=True)
    outcome_date = models.DateField(_("measured on"), null=True, blank=True)
    outcome_source = models.CharField(_("source of the figure"), max_length=200, blank=True)
    no_outcome_yet = models.BooleanField(_("there is no outcome yet"), default=False)

    parent_page_types = ["cms.CaseStudyIndexPage"]
    subpage_types: list[str] = []
    content_panels = [
        *Page.content_panels,
        FieldPanel("summary"),
        FieldPanel("cycle"),
        FieldPanel("problem"),
        FieldPanel("how_we_worked"),
        FieldPanel("what_we_built"),
        FieldPanel("challenges"),
        MultiFieldPanel(
            [FieldPanel(name) for name in ("outcome", "outcome_label", "outcome_date", "outcome_source", "no_outcome_yet")],
            heading=_("Outcome"),
        ),
    ]
    search_fields = [*Page.search_fields, index.SearchField("summary"), index.SearchField("problem")]
    template = "cms/case_study_page.html"

    def clean(self) -> None:
        """A figure has its date and source; without a figure the page says that there is none yet."""
        super().clean()
        facts = {"outcome_label": self.outcome_label, "outcome_date": self.outcome_date, "outcome_source": self.outcome_source}
        if self.outcome and self.no_outcome_yet:
            raise ValidationError({"no_outcome_yet": _("There is a figure above. Untick this, or empty the figure.")})
        if not self.outcome and not self.no_outcome_yet:
            raise ValidationError({"outcome": _("Give a figure, or tick “there is no outcome yet”.")})
        if self.outcome:
            missing = {name: _("A figure needs this.") for name, value in facts.items() if not value}
            if missing:
                raise ValidationError(missing)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        cycle = Cycle.objects.published().filter(pk=self.cycle_id).select_related("programme").first()
        return super().get_context(request, *args, **kwargs) | {"cycle": cycle}
