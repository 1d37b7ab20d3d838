"""A case study: what is stored of it, and what it shows live from the records."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.compat import HTTPMethod
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page, PageManager
from wagtail.search import index

from cms.blocks import RECORDS, STORY
from cms.kinds import WORDS, Level, few_words, fold
from cms.models.casestudypage.form import CHECKED, OUTCOME, TOLD, CaseStudyForm, faults_of, plain
from cms.models.casestudypage.query import CaseStudyQuerySet, years_of
from cms.models.casestudyrecord import KeptBack, Key, Told, kept_back, pictured, read
from fellowships.models import Cycle, Host
from fellowships.states import CycleState
from mou.models import Agreement
from partnerships.models import Organisation

# A page of ours answers who reads. It is public or it is not there: no passwords, no groups, no schedule that a clock would
# have to keep, and no comments, of which Wagtail would send mails of its own.
READING = [HTTPMethod.GET, HTTPMethod.HEAD, HTTPMethod.OPTIONS]


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
    year = models.PositiveSmallIntegerField(
        _("year of the work"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1990), MaxValueValidator(2100)],
        help_text=_("Where no cycle is chosen. The years of a cycle come from its days."),
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
    more = StreamField(STORY, verbose_name=_("more"), blank=True, help_text=_("It stands below the parts above."))
    words = models.TextField(default="", blank=True, editable=False)  # all that the page says, folded: what a search reads

    objects: ClassVar[Any] = PageManager.from_queryset(CaseStudyQuerySet)()

    parent_page_types: ClassVar[list[str]] = ["cms.CaseStudyIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    private_page_options: ClassVar[list[str]] = []
    settings_panels: ClassVar[list[Any]] = []
    allowed_http_methods = READING
    base_form_class = CaseStudyForm
    content_panels: ClassVar[list[Any]] = [
        *Page.content_panels,
        *(FieldPanel(name) for name in ("summary", "partners")),
        InlinePanel("agencies", heading=_("Organisations involved"), label=_("Organisation")),
        *(FieldPanel(name) for name in ("level", "cycle", "year")),
        InlinePanel(
            "records",
            heading=_("Records it tells of"),
            label=_("Record"),
            help_text=_(
                "One in each line. The page shows them as they are when somebody reads it, for as long as they are public."
            ),
        ),
        MultiFieldPanel([FieldPanel("picture"), FieldPanel("picture_alt")], heading=_("Picture")),
        *(FieldPanel(name) for name in ("problem", "how_we_worked", "what_we_built", "challenges", "followed")),
        MultiFieldPanel(
            [FieldPanel(name) for name in OUTCOME],
            heading=_("Outcome"),
        ),
        FieldPanel("more"),
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
        self.words = self.folded()
        if exclude is None and (why := self.why_kept_back()):
            raise ValidationError(why)

    def folded(self) -> str:
        """All that it says, as a search compares it."""
        return fold(" ".join(self._says()))

    def why_kept_back(self, kept: KeptBack | None = None, agencies: Any = None, records: Any = None) -> list[str]:
        """Why nobody may read it, one sentence each: it is tied to, or names, what is sensitive.

        `kept`: else it is asked for; `agencies`, `records`: the lines of the page, else those that it has.
        """
        kept = kept_back() if kept is None else kept
        if not kept:
            return []
        words = " ".join([self.words, fold(f"{self.seo_title} {self.search_description} {self.slug.replace('-', ' ')}")])
        rows = self.agencies.all() if agencies is None else agencies
        picked = {*(row.key for row in (self.records.all() if records is None else records)), *self._keys()}
        return kept.reasons(words, [row.organisation_id for row in rows], picked, pictured(self))

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Raises Http404 while it is kept back: the same answer as for what is not there."""
        if self.why_kept_back():
            raise Http404
        return super().serve(request, *args, **kwargs)

    def _says(self) -> Iterator[str]:
        """All that a reader may see of it, without markup. The names of records are theirs and not among it."""
        for name in ("title", "summary", "partners", *TOLD, "followed", "outcome_label", "outcome_unit", "picture_alt"):
            yield plain(getattr(self, name))
        for block in self.more:
            if block.block_type in ("heading", "paragraph"):
                yield plain(block.value)
            elif block.block_type not in RECORDS:
                yield from (str(block.value.get(name) or "") for name in SHOWN)

    @property
    def told_of(self) -> Cycle | None:
        """The cycle, while it is public. Withdrawn, it leaves the page at once and the story stays."""
        return self.cycle if self.cycle and self.cycle.state == CycleState.PUBLISHED else None

    @property
    def told_years(self) -> range:
        """The years of the work, as the page shows them now."""
        return years_of(self.told_of, self.year)

    def organisations(self) -> list[Organisation]:
        """The organisations involved, each once, in the order of the page."""
        return list(dict.fromkeys(row.organisation for row in self.agencies.all()))

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        cycle = Cycle.objects.published().filter(pk=self.cycle_id).select_related("programme").first()
        hosts = Host.objects.published().filter(cycle=cycle) if cycle else Host.objects.none()
        picked = [row.key for row in self.records.all()]
        told = read({*picked, *self._keys()})
        return super().get_context(request, *args, **kwargs) | {
            "cycle": cycle,
            "years": years_of(cycle, self.year),
            "hosts": list(hosts.select_related("organisation")),
            "agreements": list(Agreement.objects.published().filter(pk__in=hosts.values("agreement"))),
            "organisations": self._named(),
            "records": [told[key] for key in dict.fromkeys(picked) if key in told],
            "more": list(self._more(told)),
            "index": _list_of(self),
        }

    def _named(self) -> list[Organisation]:
        """In two queries at most, whatever their number; a preview has rows that are in no table."""
        keys = list(dict.fromkeys(row.organisation_id for row in self.agencies.all()))
        found = Organisation.objects.in_bulk(keys)
        return [found[key] for key in keys if key in found]

    def _keys(self) -> Iterator[Key]:
        """The records in the text, without fetching them: whether they are public is asked first."""
        for raw in self.more.raw_data:
            if raw["type"] in RECORDS and raw["value"]:
                yield raw["type"], raw["value"]

    def _more(self, told: Mapping[Key, Told]) -> Iterator[tuple[str, Any]]:
        """(kind, what is shown) of each block of the text; a record that is not public has left it."""
        for place, raw in enumerate(self.more.raw_data):
            if raw["type"] not in RECORDS:
                yield raw["type"], self.more[place].value
            elif (raw["type"], raw["value"]) in told:
                yield raw["type"], told[raw["type"], raw["value"]]


SHOWN = ("alt", "caption", "label", "unit", "source", "text", "by")  # of a block: the note on somebody's consent is not


def _list_of(page: Page) -> Page | None:
    """The list that it stands in, where that is published."""
    above = page.get_parent()
    return above if above is not None and above.live else None
