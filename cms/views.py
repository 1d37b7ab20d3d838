"""The list of case studies and its feed, what search engines are told, and the guard before Wagtail's admin."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from wagtail.admin.auth import require_admin_access
from wagtail.admin.views import account

from cms import rules
from cms.filters import CaseStudyFilterSet
from cms.models import CaseStudyIndexPage, CaseStudyPage, HomePage
from core.access import anyone, page, public_listing, published
from core.lists import as_csv, paged
from fellowships.models import Cycle
from mou.models import Agreement

PER_PAGE = 12
COLUMNS = ("Title", "Address", "Summary", "Partners", "Level", "Cycle", "Outcome", "What it says", "Measured on", "Source")


@public_listing(CaseStudyPage)
def case_study_list(request: HttpRequest, stories: QuerySet[CaseStudyPage]) -> HttpResponse:
    """All case studies, the newest first, and those that the address asks for."""
    index = CaseStudyIndexPage.shown()
    if index is None:
        raise Http404
    found = CaseStudyFilterSet(request.GET, stories.newest(), request=request)
    if request.GET.get("format") == "csv":
        return as_csv("case-studies", [_(column) for column in COLUMNS], map(_row, found.qs))
    shown = paged(request, found.qs, PER_PAGE)
    facts = {"index": index, "filter": found, "page": shown, "count": shown.paginator.count, "asked": _asked(request)}
    return render(request, "cms/case_study_list.html", facts)


def _asked(request: HttpRequest) -> bool:
    """Whether the address narrows the list."""
    return any(request.GET.get(name) for name in ("q", "level", "cycle", "outcome"))


def _row(story: CaseStudyPage) -> tuple[Any, ...]:
    cycle = story.told_of
    return (
        story.title,
        _absolute(story.url),
        story.summary,
        story.partners,
        story.get_level_display(),
        cycle.name if cycle else "",
        " ".join(filter(None, [story.outcome, story.outcome_unit])) or _("No outcome yet"),
        story.outcome_label,
        story.outcome_date,
        story.outcome_source,
    )


def _absolute(path: str) -> str:
    """With the one address of the site, whatever host was asked."""
    return urljoin(settings.BASE_URL, path)


@public_listing(CaseStudyPage)
def case_study_feed(request: HttpRequest, stories: QuerySet[CaseStudyPage]) -> HttpResponse:
    """The newest case studies as an Atom feed."""
    index = CaseStudyIndexPage.shown()
    if index is None:
        raise Http404
    feed = Atom1Feed(
        title=f"{index.title} – Common Ground",
        link=_absolute(reverse("case_study_list")),
        description=index.lead,
        feed_url=_absolute(reverse("case_study_feed")),
        language=settings.LANGUAGE_CODE,
    )
    for story in stories.newest()[:30]:
        address = _absolute(story.url)
        feed.add_item(
            title=story.title,
            link=address,
            description=story.summary,
            unique_id=address,
            pubdate=story.first_published_at,
            updateddate=story.last_published_at,
        )
    return HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


@login_not_required
@page(anyone)
def sitemap(request: HttpRequest) -> HttpResponse:
    """Every address that everybody may read."""
    places = [("", None) for _home in published(HomePage)]
    if CaseStudyIndexPage.shown():
        places.append((reverse("case_study_list"), None))
        places += [(story.url, story.last_published_at) for story in published(CaseStudyPage)]
    for listing, detail, model in (
        ("public_cycle_list", "public_cycle", Cycle),
        ("public_agreement_list", "public_agreement", Agreement),
    ):
        places.append((reverse(listing), None))
        places += [(reverse(detail, args=[ref]), None) for ref in published(model).values_list("ref", flat=True)]
    addresses = [(_absolute(path or "/"), changed) for path, changed in places]
    return render(request, "cms/sitemap.xml", {"addresses": addresses}, content_type="application/xml; charset=utf-8")


@login_not_required
@page(anyone)
def robots(request: HttpRequest) -> HttpResponse:
    """What is of no use to a search engine, and where the list of addresses is."""
    closed = (reverse("core:desk"), settings.CMS_PATH, reverse("account_login"))
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed), "", f"Sitemap: {_absolute(reverse('sitemap'))}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


def guarded(view: Callable[..., Any]) -> Callable[..., Any]:
    """Before every view of Wagtail's admin: there for those who write pages today, and no more of it than they need.

    Nobody signed in never comes so far: without a public mark, a view sends strangers to our sign-in.
    """

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        way = request.path_info.removeprefix(settings.CMS_PATH)
        if not (rules.edit_pages(request.user) and rules.open_part(request.user, way)):
            raise Http404
        return view(request, *args, **kwargs)

    inner.guarded_by = rules.edit_pages  # type: ignore[attr-defined]
    return inner


class EditorSettings(account.AccountView):
    """How Wagtail's editor looks to me. Name, address and password have one door, and it is not here."""

    def get_panels(self) -> list[Any]:
        return [panel for panel in super().get_panels() if panel.name in ("theme", "locale")]


editor_settings = guarded(require_admin_access(EditorSettings.as_view()))
