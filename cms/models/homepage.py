"""The front page of the site, and the site in numbers."""

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import Count, Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page, PageManager

from cms.blocks import PointBlock
from cms.kinds import few_words
from cms.models.casestudypage import READING, CaseStudyPage, PublicPages
from fellowships.models import Cycle, Fellow, Host
from mou.models import Agreement, Duty
from mou.states import AgreementState


@dataclass(frozen=True)
class OnRecord:
    """The site in numbers, counted from what is published and from nothing else. `due`: dated until today."""

    cycles: int
    hosts: int
    places: int
    people: int
    in_force: int
    ended: int
    due: int
    accepted: int
    late: int


def on_record(today: date) -> OnRecord:
    """Counted afresh, in five queries."""
    cycles = Cycle.objects.published()
    agreements = Agreement.objects.published()
    cohort = Fellow.objects.filter(cycle__in=cycles).aggregate(
        people=Count("pk"),
        places=Count("pk", filter=Q(replaces=None)),  # who follows somebody that left takes the same place
    )
    signed = agreements.aggregate(
        in_force=Count("pk", filter=Q(state=AgreementState.IN_FORCE)),
        ended=Count("pk", filter=~Q(state=AgreementState.IN_FORCE)),
    )
    duties = Duty.objects.filter(agreement__in=agreements, due__lte=today).counts(today)
    return OnRecord(
        cycles=cycles.count(),
        hosts=Host.objects.published().values("organisation").distinct().count(),
        **cohort,
        **signed,
        due=duties["all"],
        accepted=duties["accepted"],
        late=duties["late"],
    )


# Django leaves the order of a model out where rows are counted in groups.
LATEST_FIRST = Cycle._meta.ordering


class HomePage(Page):
    """The front page of the site."""

    headline = models.CharField(_("headline"), max_length=120, help_text=_("The largest words of the site."))
    lead = models.TextField(_("lead"), validators=[few_words], help_text=_("Who is here and what for, in at most 60 words."))
    points = StreamField([("point", PointBlock())], verbose_name=_("what one finds here"), blank=True, max_num=3)
    steps_title = models.CharField(_("title of the steps"), max_length=80, blank=True)
    steps = StreamField([("point", PointBlock())], verbose_name=_("how it goes"), blank=True, max_num=5)
    aside_title = models.CharField(_("title beside the steps"), max_length=80, blank=True)
    aside = RichTextField(_("text beside the steps"), features=["bold", "link"], blank=True)

    objects: ClassVar[Any] = PageManager.from_queryset(PublicPages)()

    max_count = 1
    parent_page_types: ClassVar[list[str]] = ["wagtailcore.Page"]
    subpage_types: ClassVar[list[str]] = ["cms.CaseStudyIndexPage"]
    private_page_options: ClassVar[list[str]] = []
    settings_panels: ClassVar[list[Any]] = []
    allowed_http_methods = READING
    content_panels: ClassVar[list[Any]] = [
        *Page.content_panels,
        FieldPanel("headline"),
        FieldPanel("lead"),
        FieldPanel("points"),
        MultiFieldPanel([FieldPanel("steps_title"), FieldPanel("steps")], heading=_("How it goes")),
        MultiFieldPanel([FieldPanel("aside_title"), FieldPanel("aside")], heading=_("Beside the steps")),
    ]
    template = "cms/home_page.html"

    class Meta:
        default_permissions = ()
        permissions: ClassVar[list[tuple[str, str]]] = [("edit_pages", "Can write and publish the public pages")]
        verbose_name = _("home page")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        stories = CaseStudyPage.objects.published().newest()
        cycles = Cycle.objects.published().select_related("programme").with_hosts().order_by(*LATEST_FIRST)
        return super().get_context(request, *args, **kwargs) | {
            "stories": list(stories[:4]),
            "stories_count": stories.count(),
            "cycles": list(cycles[:3]),
            "now": on_record(timezone.localdate()),
            "today": timezone.localdate(),
        }
