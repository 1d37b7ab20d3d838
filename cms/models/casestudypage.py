"""A case study: what it must say before it is published, and what it shows live from the records."""

from collections.abc import Iterator, Mapping
from datetime import date
from html import unescape
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.compat import HTTPMethod
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page, PageManager
from wagtail.query import PageQuerySet
from wagtail.search import index

from cms.blocks import RECORDS, STORY, offered
from cms.kinds import WORDS, Level, few_words, fold
from cms.models.casestudyrecord import CaseStudyAgency, CaseStudyRecord, KeptBack, Key, Told, kept_back, pictured, read
from fellowships.models import Cycle, Host
from fellowships.states import CycleState
from mou.models import Agreement
from partnerships.models import Organisation

# A page of ours answers who reads. It is public or it is not there: no passwords, no groups, no schedule that a clock would
# have to keep, and no comments, of which Wagtail would send mails of its own.
READING = [HTTPMethod.GET, HTTPMethod.HEAD, HTTPMethod.OPTIONS]


class PublicPages(PageQuerySet):
    """Reading pages."""

    def published(self) -> Self:
        return self.live().public()


class CaseStudyQuerySet(PublicPages):
    """Reading case studies."""

    def published(self) -> Self:
        """Published, and not kept back because of somebody who is sensitive."""
        return super().published().exclude(pk__in=list(self.kept_back()))

    def kept_back(self) -> dict[int, list[str]]:
        """{key: why nobody may read it} of those that are published and tell of what is sensitive."""
        kept = kept_back()
        if not kept:
            return {}
        rows = self.live().order_by().prefetch_related("agencies", "records")
        return {page.pk: why for page in rows if (why := page.why_kept_back(kept))}

    def newest(self) -> Self:
        """With the cycle each tells of, the newest first."""
        return self.select_related("cycle__programme", "picture").order_by("-first_published_at", "-pk")

    def with_agencies(self) -> Self:
        """With the organisations that were involved."""
        return self.prefetch_related("agencies__organisation")

    def matching(self, words: str) -> Self:
        """Every word occurs in what the page says, in the name of an organisation involved, or of the cycle, if that is public.

        Accents and capitals count for nothing, on every database: a page keeps its words folded, names are folded here.
        """
        among = self.order_by()
        agencies = CaseStudyAgency.objects.filter(page__in=among.values("pk")).values_list("organisation", "organisation__name")
        cycles = Cycle.objects.published().filter(pk__in=among.values("cycle")).values_list("pk", "name", "programme__name")
        named = [(key, fold(name)) for key, name in agencies.distinct()] if words.split() else []
        told = [(key, fold(f"{name} {programme}")) for key, name, programme in cycles] if words.split() else []
        found = self
        for word in fold(words).split()[:8]:
            there = CaseStudyAgency.objects.filter(organisation__in=[key for key, name in named if word in name])
            found = found.filter(
                Q(words__contains=word)
                | Q(pk__in=there.values("page"))
                | Q(cycle__in=[key for key, name in told if word in name])
            )
        return found

    def telling_of(self, record: Any) -> Self:
        """Those that pick a record, or have it as their cycle."""
        kind = record._meta.model_name
        picked = Q(pk__in=CaseStudyRecord.objects.filter(**{kind: record.pk}).values("page"))
        return self.filter(picked | Q(cycle=record.pk) if kind == "cycle" else picked)

    def of_agency(self, organisation: str) -> Self:
        """Those in which an organisation was involved, by its ref."""
        return self.filter(pk__in=CaseStudyAgency.objects.filter(organisation__ref=organisation).values("page"))

    def agencies(self) -> list[tuple[str, str]]:
        """(ref, name) of every organisation involved in one of these, by name: the choices of a filter."""
        rows = CaseStudyAgency.objects.filter(page__in=self.order_by().values("pk"))
        names = rows.values_list("organisation__ref", "organisation__name").distinct()
        return sorted(names, key=lambda row: (row[1].casefold(), row[0]))

    def cycles(self) -> list[tuple[str, str]]:
        """(ref, "cycle, programme") of the public cycles that these tell of, the latest first."""
        cycles = Cycle.objects.published().filter(pk__in=self.order_by().values("cycle")).select_related("programme")
        return [(cycle.ref, whole_name(cycle)) for cycle in cycles.order_by("-year", "-starts", "name", "pk")]

    def of_year(self, year: int) -> Self:
        """Those whose work fell into a year."""
        return self.filter(pk__in=[key for key, years in self._years() if year in years])

    def years(self) -> list[int]:
        """The years of the work these tell of, the latest first: the choices of a filter."""
        return sorted({year for _key, years in self._years() for year in years}, reverse=True)

    def _years(self) -> list[tuple[int, range]]:
        rows = self.order_by().select_related("cycle").only("year", "cycle")
        return [(row.pk, years_of(row.told_of, row.year)) for row in rows]


def years_of(cycle: Cycle | None, given: int | None) -> range:
    """The years of the work: those of the cycle, if it has any, else the one that was given. Empty where nobody said."""
    first = (cycle.starts.year if cycle.starts else cycle.year) if cycle else None
    first = first or given
    last = cycle.ends.year if cycle and cycle.starts and cycle.ends else first
    return range(first, last + 1) if first and last else range(0)


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
    return bool(_plain(html).strip())


OUTCOME = ("outcome", "outcome_unit", "outcome_label", "outcome_date", "outcome_source", "no_outcome_yet")
CHECKED = (*TOLD, *OUTCOME, "cycle", "year", "picture", "picture_alt")


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
            page: CaseStudyPage = self.instance
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
            yield _plain(getattr(self, name))
        for block in self.more:
            if block.block_type in ("heading", "paragraph"):
                yield _plain(block.value)
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


def _plain(html: Any) -> str:
    return unescape(strip_tags(str(html or "").replace("<", " <")))


def _list_of(page: Page) -> Page | None:
    """The list that it stands in, where that is published."""
    above = page.get_parent()
    return above if above is not None and above.live else None
