"""The list of case studies and its feed, how one is begun, what search engines are told, the guard before Wagtail's admin."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from wagtail.admin.auth import require_admin_access
from wagtail.admin.views import account

from cms import actions, rules
from cms.filters import CaseStudyFilterSet
from cms.models import CaseStudyIndexPage, CaseStudyPage, HomePage
from core.access import anyone, page, public_listing, published
from core.lists import as_open_data, paged
from fellowships.models import Cycle, Placement
from mou.models import Agreement
from partnerships.models import Hackathon, Organisation, Output

PER_PAGE = 12
USES = {"usage_count_min", "usage_count_max"}
COLUMNS = (
    "title", "address", "summary", "partners", "organisations", "level", "cycle", "years", "outcome", "outcome_says",
    "outcome_date", "outcome_source", "published",
)  # fmt: skip


@public_listing(CaseStudyPage)
def case_study_list(request: HttpRequest, stories: QuerySet[CaseStudyPage]) -> HttpResponse:
    """All case studies, the newest first, and those that the address asks for."""
    index = CaseStudyIndexPage.shown()
    if index is None:
        raise Http404
    found = CaseStudyFilterSet(request.GET, stories)
    rows = found.qs.newest()
    if (answer := as_open_data(request, "case-studies", COLUMNS, lambda: map(_row, rows.with_agencies()))) is not None:
        return answer
    shown = paged(request, rows, PER_PAGE)
    context = {
        "index": index,
        "filter": found,
        "page": shown,
        "count": shown.paginator.count,
        "total": shown.paginator.count or stories.count(),
        "feed": _feed_address(request),
    }
    return render(request, "cms/case_study_list.html", context)


def _row(story: CaseStudyPage) -> dict[str, Any]:
    cycle, years = story.told_of, story.told_years
    return {
        "title": story.title,
        "address": _absolute(story.url),
        "summary": story.summary,
        "partners": story.partners,
        "organisations": [organisation.name for organisation in story.organisations()],
        "level": story.get_level_display(),
        "cycle": cycle.name if cycle else "",
        "years": list(years),
        "outcome": " ".join(filter(None, [story.outcome, story.outcome_unit])) or _("No outcome yet"),
        "outcome_says": story.outcome_label,
        "outcome_date": story.outcome_date,
        "outcome_source": story.outcome_source,
        "published": timezone.localdate(story.first_published_at) if story.first_published_at else None,
    }


def _feed_address(request: HttpRequest) -> str:
    """Where the feed of the same case studies is."""
    query = request.GET.copy()
    for name in [name for name, value in query.items() if not value or name in ("page", "format")]:
        query.pop(name)
    return reverse("case_study_feed") + (f"?{query.urlencode()}" if query else "")


def _absolute(path: str) -> str:
    """With the one address of the site, whatever host was asked."""
    return urljoin(settings.BASE_URL, path)


@public_listing(CaseStudyPage)
def case_study_feed(request: HttpRequest, stories: QuerySet[CaseStudyPage]) -> HttpResponse:
    """The newest case studies as an Atom feed: those that the address asks for, as in the list."""
    index = CaseStudyIndexPage.shown()
    if index is None:
        raise Http404
    here = _feed_address(request)
    feed = Atom1Feed(
        title=f"{index.title} – Common Ground",
        link=_absolute(here.replace(reverse("case_study_feed"), reverse("case_study_list"), 1)),
        description=index.lead,
        feed_url=_absolute(here),
        language=settings.LANGUAGE_CODE,
    )
    for story in CaseStudyFilterSet(request.GET, stories).qs.newest()[:30]:
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
        ("public_hackathon_list", "public_hackathon", Hackathon),
        ("public_agreement_list", "public_agreement", Agreement),
        ("public_organisation_list", "public_organisation", Organisation),
    ):
        places.append((reverse(listing), None))
        places += [(reverse(detail, args=[ref]), None) for ref in published(model).values_list("ref", flat=True)]
    places.append((reverse("public_anchor_list"), None))
    addresses = [(_absolute(path or "/"), changed) for path, changed in places]
    return render(request, "cms/sitemap.xml", {"addresses": addresses}, content_type="application/xml; charset=utf-8")


@login_not_required
@page(anyone)
def robots(request: HttpRequest) -> HttpResponse:
    """What is of no use to a search engine, and where the list of addresses is."""
    closed = (reverse("core:desk"), settings.CMS_PATH, reverse("account_login"))
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed), "", f"Sitemap: {_absolute(reverse('sitemap'))}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


def _begin(request: HttpRequest, record: Any) -> HttpResponse:
    story, new = actions.draft_story(record=record, by=request.user)
    if new:
        said = _("The draft is yours to write. It holds what is public of the record; nobody reads it before you publish it.")
        messages.success(request, said)
    else:
        messages.info(request, _("This draft was begun before. Go on with it."))
    return redirect("wagtailadmin_pages:edit", story.pk)


@page(rules.draft_story, Cycle, methods=("POST",))
def cycle_story_draft(request: HttpRequest, cycle: Cycle) -> HttpResponse:
    """A draft of a case study from a cycle, in one step."""
    return _begin(request, cycle)


@page(rules.draft_story, Placement, methods=("POST",))
def placement_story_draft(request: HttpRequest, placement: Placement) -> HttpResponse:
    """A draft of a case study from a placement, in one step."""
    return _begin(request, placement)


@page(rules.draft_story, Agreement, methods=("POST",))
def agreement_story_draft(request: HttpRequest, agreement: Agreement) -> HttpResponse:
    """A draft of a case study from an agreement, in one step."""
    return _begin(request, agreement)


@page(rules.draft_story, Output, methods=("POST",))
def output_story_draft(request: HttpRequest, output: Output) -> HttpResponse:
    """A draft of a case study from the output of a hackathon, in one step."""
    return _begin(request, output)


def guarded(view: Callable[..., Any]) -> Callable[..., Any]:
    """Before every view of Wagtail's admin: there for those who write pages today, and no more of it than they need.

    Nobody signed in never comes so far: without a public mark, a view sends strangers to our sign-in.
    """

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        way = request.path_info.removeprefix(settings.CMS_PATH)
        if not (rules.edit_pages(request.user) and rules.open_part(request.user, way)):
            raise Http404
        if request.method == "GET" and request.GET.get("q") and not USES.isdisjoint(request.GET):
            return _without_uses(request)
        return view(request, *args, **kwargs)

    inner.guarded_by = rules.edit_pages  # type: ignore[attr-defined]
    return inner


def _without_uses(request: HttpRequest) -> HttpResponse:
    """Wagtail's lists of files cannot search among what is narrowed by its uses, and break: the search goes on without that.

    https://github.com/wagtail/django-modelsearch/issues/51
    """
    asked = request.GET.copy()
    for name in USES:
        asked.pop(name, None)
    messages.info(request, _("A search cannot also ask how often a file is used. All that was found is shown."))
    return redirect(f"{request.path}?{asked.urlencode()}")


class EditorSettings(account.AccountView):
    """How Wagtail's editor looks to me. Name, address and password have one door, and it is not here."""

    def get_panels(self) -> list[Any]:
        return [panel for panel in super().get_panels() if panel.name in ("theme", "locale")]


editor_settings = guarded(require_admin_access(EditorSettings.as_view()))
