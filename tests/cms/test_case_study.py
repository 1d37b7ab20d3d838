"""A case study: what it must say before it is published, what it shows live, and who can read it when."""

import csv
import io
import re
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from cms import actions
from cms.models import CaseStudyIndexPage, CaseStudyPage
from fellowships import actions as fellowships
from mou import actions as mou
from tests.cms.stories import FACTS, FIGURE, story

LIST, FEED, MAP = "/case-studies/", "/case-studies.atom", "/sitemap.xml"


def plain(client, url, status=200) -> str:
    response = client.get(url)
    assert response.status_code == status, url
    return re.sub(r"\s+", " ", response.content.decode())


def refused(**facts) -> set[str]:
    """The fields because of which it cannot be published."""
    with pytest.raises(ValidationError) as caught:
        story(**facts)
    return set(caught.value.message_dict)


# ------------------------------------------------------------------------------------------------ what it must say


@pytest.mark.parametrize("part", ["problem", "how_we_worked", "what_we_built", "challenges"])
@pytest.mark.parametrize("text", ["", "<p></p>", "<p>&nbsp; </p>", '<p data-block-key="a1b2c"></p>'])
def test_without_one_of_its_parts_it_is_not_published(db, part, text):
    assert refused(**{part: text}) == {part}


@pytest.mark.parametrize("part", ["summary", "partners", "level"])
def test_without_summary_partners_or_level_neither(db, part):
    assert refused(**{part: ""}) == {part}


def test_a_summary_has_at_most_sixty_words(db):
    assert refused(summary="word " * 61) == {"summary"}
    assert story(summary="word " * 60).live


def test_the_levels_are_three_and_have_these_names(db):
    names = [label for _value, label in CaseStudyPage._meta.get_field("level").choices]
    assert names == [
        "Openness and transparency",
        "Participation and Engagement",
        "Collaboration, co-design, co-creation, co-production",
    ]
    assert refused(level="friendship") == {"level"}


def test_it_has_an_outcome_or_says_that_there_is_none_yet(db):
    assert refused(no_outcome_yet=False) == {"outcome"}
    assert refused(**FIGURE | {"no_outcome_yet": True}) == {"no_outcome_yet"}
    assert story().live and story(**FIGURE, title="Second").live


@pytest.mark.parametrize("fact", ["outcome_label", "outcome_date", "outcome_source"])
def test_a_figure_has_its_meaning_day_and_source(db, fact):
    assert refused(**FIGURE | {fact: None if fact == "outcome_date" else ""}) == {fact}


def test_nothing_was_measured_tomorrow(db):
    assert refused(**FIGURE | {"outcome_date": timezone.localdate() + timedelta(days=1)}) == {"outcome_date"}
    assert story(**FIGURE | {"outcome_date": timezone.localdate()}).live


def test_only_who_writes_pages_publishes_one(cast):
    for user in (cast.nora, cast.otto, cast.rita):
        with pytest.raises(PermissionDenied):
            actions.publish_story(facts=FACTS, by=user)
    assert actions.publish_story(facts=FACTS, by=cast.edna).live


# ------------------------------------------------------------------------------------------------ what it shows


def test_how_we_worked_stands_before_what_we_built(client, db):
    html = plain(client, story(**FIGURE, followed="<p>It is in use.</p>").url).partition("<body>")[2]
    order = [
        "Agency with NGO", "<h1>Shorter queues</h1>", "Patients used to ring", "Nobody could see", "How we worked",
        "We sat", "What we built", "A sheet", "What did not work", "The board", "What came of it", "It is in use",
        "71 → 48", "Median wait", "2 March 2026", "Check-in records", "Participation and Engagement",
    ]  # fmt: skip
    places = [html.index(words) for words in order]
    assert places == sorted(places)


def test_what_is_not_measured_is_called_unknown(client, db):
    html = plain(client, story().url)
    assert "No outcome yet" in html and "t-unknown" in html and "What came of it" not in html


def test_the_head_of_the_page_says_what_others_show_of_it(client, db):
    page = story()
    html = plain(client, page.url)
    assert "<title> Shorter queues – Common Ground</title>" in html or "<title>Shorter queues – Common Ground</title>" in html
    assert f'<meta name="description" content="{FACTS["summary"]}">' in html
    assert '<meta property="og:title" content="Shorter queues">' in html and "og:image" not in html
    assert f'<link rel="canonical" href="http://127.0.0.1:8000{page.url}">' in html


@pytest.fixture
def told(cast) -> CaseStudyPage:
    fellowships.publish_cycle(cycle=cast.cycle, by=cast.cora)
    return story(cycle=cast.cycle)


def test_cycle_and_hosts_are_shown_as_they_are_at_that_moment(client, cast, told):
    html = plain(client, told.url)
    assert f'href="/cycles/{cast.cycle.ref}/">First cycle</a>, Open city' in html
    assert "<li>Agency</li>" in html and "none published" in html
    fellowships.edit_cycle(cycle=cast.cycle, facts={"name": "Renamed cycle"}, by=cast.cora)
    fellowships.add_host(cycle=cast.cycle, organisation=cast.elsewhere, by=cast.cora)
    html = plain(client, told.url)
    assert "Renamed cycle" in html and "<li>Elsewhere</li>" in html and "First cycle" not in html


def test_a_cycle_that_is_withdrawn_leaves_the_page_and_the_story_stays(client, cast, told):
    assert "First cycle" in plain(client, told.url) and "First cycle" in plain(client, LIST)
    fellowships.unpublish_cycle(cycle=cast.cycle, by=cast.cora)
    for address in (told.url, LIST, "/", FEED, MAP, f"{LIST}?format=csv"):
        text = plain(client, address)
        assert "First cycle" not in text and cast.cycle.ref not in text, address
    html = plain(client, told.url)
    assert "Shorter queues" in html and "<li>Agency</li>" not in html and "Open city" not in html


def test_only_agreements_that_are_published_are_named(client, cast, agreement_in_force):
    fellowships.publish_cycle(cycle=cast.cycle, by=cast.cora)
    page = story(cycle=cast.cycle)
    assert agreement_in_force.ref not in plain(client, page.url)
    mou.publish_agreement(agreement=agreement_in_force, by=cast.cora)
    assert f'href="/agreements/{agreement_in_force.ref}/">{agreement_in_force.ref}</a>, in force' in plain(client, page.url)


def test_only_published_cycles_are_offered_to_writers(client, cast):
    def offered() -> bool:
        form = CaseStudyPage.get_edit_handler().get_form_class()(instance=CaseStudyPage(), for_user=cast.edna)
        return cast.cycle in form.fields["cycle"].queryset

    assert not offered()
    fellowships.publish_cycle(cycle=cast.cycle, by=cast.cora)
    assert offered()


# ------------------------------------------------------------------------------------------------ who reads it when


def test_a_draft_is_nowhere(client, db):
    draft = CaseStudyIndexPage.shown().add_child(instance=CaseStudyPage(title="Secret draft", slug="secret", live=False))
    draft.save_revision(clean=False)
    plain(client, "/case-studies/secret/", 404)
    for address in ("/", LIST, FEED, MAP, f"{LIST}?q=secret", f"{LIST}?format=csv"):
        assert "ecret" not in plain(client, address).replace("q=secret", "").replace('value="secret"', ""), address


def test_what_is_taken_down_is_gone_everywhere_at_the_next_request(client, db, django_capture_on_commit_callbacks):
    page = story()
    readable = (page.url, "/", LIST, FEED, MAP)
    for address in readable:
        assert "horter queues" in plain(client, address) or page.url in plain(client, address), address
    with django_capture_on_commit_callbacks(execute=True):
        page.unpublish()
    plain(client, page.url, 404)
    for address in readable[1:]:
        text = plain(client, address)
        assert "horter queues" not in text and page.url not in text, address


def test_without_the_list_there_is_no_list_and_no_feed(client, db, django_capture_on_commit_callbacks):
    story()
    with django_capture_on_commit_callbacks(execute=True):
        CaseStudyIndexPage.shown().unpublish()
    for address in (LIST, FEED):
        plain(client, address, 404)
    assert "case-studies" not in plain(client, MAP)


def test_a_draft_change_of_a_published_page_is_not_shown(client, db):
    page = story()
    page.summary = "Words that are not meant for anybody yet."
    page.save_revision()
    assert "not meant for anybody" not in plain(client, page.url)


def test_pages_take_no_posts(client, db):
    assert client.post(story().url, {}).status_code == 405
    assert client.post("/", {}).status_code == 405
    assert client.post(LIST, {}).status_code == 405


# ------------------------------------------------------------------------------------------------ the list and the feed


@pytest.fixture
def three(cast) -> None:
    fellowships.publish_cycle(cycle=cast.cycle, by=cast.cora)
    story(title="Health queue", cycle=cast.cycle, **FIGURE)
    story(title="Tax letter", level="openness", partners="Revenue Office", summary="A letter on one page.")
    story(title="Bus data", level="openness", problem="<p>Nobody knew when the bus came: health again.</p>", **FIGURE)


def titles(client, query="") -> list[str]:
    return re.findall(r'card__title"><a href="[^"]+">([^<]+)<', plain(client, f"{LIST}{query}"))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Bus data", "Tax letter", "Health queue"]),
        ("?q=health", ["Bus data", "Health queue"]),
        ("?q=health+bus", ["Bus data"]),
        ("?q=revenue", ["Tax letter"]),
        ("?q=first+cycle", ["Health queue"]),
        ("?level=openness", ["Bus data", "Tax letter"]),
        ("?outcome=none", ["Tax letter"]),
        ("?outcome=figure&level=openness", ["Bus data"]),
        ("?q=zebra", []),
        ("?page=99", ["Bus data", "Tax letter", "Health queue"]),
        ("?page=-1", ["Bus data", "Tax letter", "Health queue"]),
    ],
)
def test_stories_are_found_by_what_stands_in_the_address(client, three, query, expected):
    assert titles(client, query) == expected


def test_stories_are_found_by_cycle(client, cast, three):
    assert titles(client, f"?cycle={cast.cycle.ref}") == ["Health queue"]
    fellowships.unpublish_cycle(cycle=cast.cycle, by=cast.cora)
    html = plain(client, f"{LIST}?cycle={cast.cycle.ref}")
    assert "Error:" in html and "First cycle" not in html
    assert titles(client, "?q=first+cycle") == []


@pytest.mark.parametrize(
    "query", ["?level=everything", "?q=%00", "?cycle=' OR 1=1", "?page=1e9", "?outcome[]=x", "?q=" + "a" * 3000]
)
def test_odd_addresses_are_answered(client, three, query):
    assert client.get(LIST + query).status_code == 200


def test_the_count_the_clear_link_and_the_empty_state(client, three):
    assert "3 case studies" in plain(client, LIST) and "Clear" not in plain(client, LIST)
    found = plain(client, f"{LIST}?q=tax")
    assert "1 case study " in found and "Clear" in found and 'value="tax"' in found
    nothing = plain(client, f"{LIST}?q=zebra")
    assert (
        "No case study fits" in nothing
        and "See all of them" in nothing
        and "These as CSV" not in nothing
        and "These as CSV" in found
    )


def test_before_the_first_story_the_list_says_what_will_stand_there(client, db):
    assert "No case study yet" in plain(client, LIST)


def table(client, query) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(client.get(f"{LIST}?{query}format=csv").content.decode("utf-8-sig"))))


def test_the_csv_has_exactly_what_is_on_the_screen(client, cast, three):
    bus, tax = table(client, "level=openness&")
    assert (bus["title"], tax["title"]) == ("Bus data", "Tax letter")
    assert tax["address"] == "http://127.0.0.1:8000/case-studies/tax-letter/"
    outcome = ("outcome", "outcome_says", "outcome_date", "outcome_source")
    assert [bus[name] for name in outcome] == ["71 → 48 minutes", "Median wait", "2026-03-02", "Check-in records"]
    assert [tax[name] for name in outcome] == ["No outcome yet", "", "", ""]
    assert "First cycle" not in str([bus, tax])
    assert [(row["title"], row["cycle"]) for row in table(client, "")][2] == ("Health queue", "First cycle")


def test_the_feed_is_atom_with_full_addresses(client, three):
    response = client.get(FEED)
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    root = ElementTree.fromstring(response.content)
    space = {"a": "http://www.w3.org/2005/Atom"}
    links = [entry.find("a:link", space).get("href") for entry in root.findall("a:entry", space)]
    assert links == [f"http://127.0.0.1:8000/case-studies/{slug}/" for slug in ("bus-data", "tax-letter", "health-queue")]
    assert f'type="application/atom+xml" title="Case studies" href="{FEED}"' in plain(client, LIST)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_takes_as_many_queries_whatever_its_length(client, cast, django_assert_num_queries, rows):
    fellowships.publish_cycle(cycle=cast.cycle, by=cast.cora)
    for n in range(rows):
        story(title=f"Story {n}", cycle=cast.cycle)
    client.get("/robots.txt")
    with django_assert_num_queries(14):
        client.get(f"{LIST}?level=participation")


def test_the_map_for_search_engines_has_what_is_public_and_nothing_else(client, cast, agreement_in_force):
    page = story()
    fellowships.publish_cycle(cycle=cast.cycle, by=cast.cora)

    def places() -> list[str]:
        root = ElementTree.fromstring(client.get(MAP).content)
        return [
            each.text.removeprefix("http://127.0.0.1:8000")
            for each in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")
        ]

    known = ["/", LIST, page.url, "/cycles/", f"/cycles/{cast.cycle.ref}/", "/hackathons/", "/agreements/"]
    agency, ngo = (f"/organisations/{each.ref}/" for each in (cast.agency, cast.ngo))
    assert places() == [*known, "/organisations/", agency, "/audit/"]
    mou.publish_agreement(agreement=agreement_in_force, by=cast.cora)
    assert places() == [*known, f"/agreements/{agreement_in_force.ref}/", "/organisations/", agency, ngo, "/audit/"]
    assert client.get(page.url).status_code == 200


def test_robots_are_told_where_it_is_and_what_is_of_no_use(client, db):
    assert client.get("/robots.txt").content.decode().splitlines() == [
        "User-agent: *",
        "Disallow: /desk/",
        "Disallow: /cms/",
        "Disallow: /accounts/login/",
        "",
        "Sitemap: http://127.0.0.1:8000/sitemap.xml",
    ]


def test_a_story_that_was_moved_is_found_at_its_new_address(client, db, django_capture_on_commit_callbacks):
    page = story()
    old = page.url
    page.slug = "queues"
    with django_capture_on_commit_callbacks(execute=True):
        page.save_revision().publish()
    assert client.get("/case-studies/queues/").status_code == 200
    assert client.get(old, follow=True).redirect_chain == [("/case-studies/queues/", 301)]
