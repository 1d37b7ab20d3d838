"""A case study: what it must say before it is published, and what it shows live from the records."""

from collections.abc import Mapping
from datetime import date
from html import unescape
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.compat import HTTPMethod
from wagtail.fields import RichTextField
from wagtail.models import Page, PageManager
from wagtail.query import PageQuerySet
from wagtail.search import index

from cms.kinds import Level, few_words
from fellowships.models import Cycle, Host
from fellowships.states import CycleState
from mou.models import Agreement

WORDS = ["bold", "link", "ol", "ul", "h3", "document-link"]  # no images, embeds or code in running text
# A page of ours answers who reads. It is public or it is not there: no passwords, no groups, no schedule that a clock would
# have to keep, and no comments, of which Wagtail would send mails of its own.
READING = [HTTPMethod.GET, HTTPMethod.HEAD, HTTPMethod.OPTIONS]


class PublicPages(PageQuerySet):
    """Reading pages."""

    def published(self) -> Self:
        return self.live().public()


class CaseStudyQuerySet(PublicPages):
    """Reading case studies."""

    def newest(self) -> Self:
        """With the cycle each tells of, the newest first."""
        return self.select_related("cycle__programme", "picture").order_by("-first_published_at", "-pk")

    def matching(self, words: str) -> Self:
        """Every word occurs in the title, the summary, the problem, the partners or the name of the cycle, if that is public."""
        found = self
        for word in words.split()[:8]:
            cycle = Q(cycle__name__icontains=word, cycle__state=CycleState.PUBLISHED)
            text = (
                Q(title__icontains=word) | Q(summary__icontains=word) | Q(problem__icontains=word) | Q(partners__icontains=word)
            )
            found = found.filter(text | cycle)
        return found


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
    if facts["picture"] and not facts["picture_alt"]:
        found["picture_alt"] = _("Say what the picture shows, for people who do not see it.")
    return found


def _says_something(html: Any) -> bool:
    """The editor hands over an empty paragraph where nothing was written."""
    return bool(unescape(strip_tags(str(html or ""))).strip())


OUTCOME = ("outcome", "outcome_unit", "outcome_label", "outcome_date", "outcome_source", "no_outcome_yet")
CHECKED = (*TOLD, *OUTCOME, "picture", "picture_alt")


def whole_name(cycle: Cycle) -> str:
    """Two programmes may call a cycle the same."""
    return f"{cycle.name}, {cycle.programme.name}"


class CaseStudyForm(WagtailAdminPageForm):
    """Says at once what publishing would refuse. A draft is saved as it is."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if cycle := self.fields.get("cycle"):
            cycle.queryset = cycle.queryset.select_related("programme")
            cycle.label_from_instance = whole_name

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if not self.is_deferred_validation:
            faults = faults_of({name: cleaned.get(name) for name in CHECKED}, timezone.localdate())
            for name, sentence in faults.items():
                if name not in self.errors:
                    self.add_error(name, sentence)
        return cleaned


class CaseStudyPage(Page):
    """What was tried, how, with what result, and what did not work. How we worked comes before what we built."""

    summary = models.TextField(_("summary"), validators=[few_words], help_text=_("In plain words, at most 60 of them."))
    partners = models.CharField(_("partners"), max_length=200, help_text=_("Who worked together, as the page names them."))
    level = models.CharField(_("level of working together"), max_length=20, choices=Level)
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
    picture = models.ForeignKey(
        "wagtailimages.Image", verbose_name=_("picture"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    picture_alt = models.CharField(_("what the picture shows"), max_length=200, blank=True)
    problem = RichTextField(_("the problem"), features=WORDS, help_text=_("Who had it, and how one knows."))
    how_we_worked = RichTextField(_("how we worked"), features=WORDS)
    what_we_built = RichTextField(_("what we built"), features=WORDS)
    challenges = RichTextField(_("what did not work"), features=WORDS)
    followed = RichTextField(
        _("what came of it"), features=WORDS, blank=True, help_text=_("Who runs it now, what others may learn.")
    )
    outcome = models.CharField(_("outcome in figures"), max_length=30, blank=True, help_text=_("For example: 71 → 48"))
    outcome_unit = models.CharField(_("unit of the figure"), max_length=30, blank=True)
    outcome_label = models.CharField(_("what the figure says"), max_length=200, blank=True)
    outcome_date = models.DateField(_("measured on"), null=True, blank=True)
    outcome_source = models.CharField(_("source of the figure"), max_length=200, blank=True)
    no_outcome_yet = models.BooleanField(_("there is no outcome yet"), default=False)

    objects: ClassVar[Any] = PageManager.from_queryset(CaseStudyQuerySet)()

    parent_page_types: ClassVar[list[str]] = ["cms.CaseStudyIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    private_page_options: ClassVar[list[str]] = []
    settings_panels: ClassVar[list[Any]] = []
    allowed_http_methods = READING
    base_form_class = CaseStudyForm
    content_panels: ClassVar[list[Any]] = [
        *Page.content_panels,
        *(FieldPanel(name) for name in ("summary", "partners", "level", "cycle")),
        MultiFieldPanel([FieldPanel("picture"), FieldPanel("picture_alt")], heading=_("Picture")),
        *(FieldPanel(name) for name in ("problem", "how_we_worked", "what_we_built", "challenges", "followed")),
        MultiFieldPanel(
            [FieldPanel(name) for name in OUTCOME],
            heading=_("Outcome"),
        ),
    ]
    search_fields: ClassVar[list[Any]] = [*Page.search_fields, index.SearchField("summary"), index.SearchField("problem")]
    template = "cms/case_study_page.html"

    class Meta:
        default_permissions = ()
        verbose_name = _("case study")

    def full_clean(self, exclude: Any = None, **kwargs: Any) -> None:
        """Raises ValidationError for what may not be published, whichever door it is published by."""
        super().full_clean(exclude=exclude, **kwargs)
        # A form says what it leaves out and has asked for itself; what is saved leaves out nothing.
        if exclude is None and (faults := faults_of({name: getattr(self, name) for name in CHECKED}, timezone.localdate())):
            raise ValidationError(faults)

    @property
    def told_of(self) -> Cycle | None:
        """The cycle, while it is public. Withdrawn, it leaves the page at once and the story stays."""
        return self.cycle if self.cycle and self.cycle.state == CycleState.PUBLISHED else None

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        cycle = Cycle.objects.published().filter(pk=self.cycle_id).select_related("programme").first()
        hosts = Host.objects.filter(cycle=cycle) if cycle else Host.objects.none()
        return super().get_context(request, *args, **kwargs) | {
            "cycle": cycle,
            "hosts": list(hosts.select_related("organisation")),
            "agreements": list(Agreement.objects.published().filter(pk__in=hosts.values("agreement"))),
            "index": _list_of(self),
        }


def _list_of(page: Page) -> Page | None:
    """The list that it stands in, where that is published."""
    above = page.get_parent()
    return above if above is not None and above.live else None
