"""Case studies are found by words, organisation, year and level, in every shape alike."""

import csv
import io
from datetime import date
from xml.etree import ElementTree

import pytest

from fellowships import actions as fellowships
from partnerships import actions as partnerships
from tests.cms.stories import FIGURE, story
from tests.reading import options, page, soup, words

LIST = "/case-studies/"


@pytest.fixture
def told(cast):
    """Three: one of a cycle of 2022 and 2023, one with accents in it, one with a free part."""
    partnerships.edit_organisation(organisation=cast.elsewhere, facts={"name": "Universität für Bürger"}, by=cast.cora)
    old = fellowships.open_cycle(
        programme=cast.programme, name="Old cycle", starts=date(2022, 9, 5), ends=date(2023, 8, 18), by=cast.cora
    )
    fellowships.publish_cycle(cycle=old, by=cast.cora)
    story(title="Health queue", cycle=old, year=None, agencies=[cast.agency], **FIGURE)
    story(
        title="Café opening hours",
        problem="<p>Die Straße war für Ärzte zu.</p><p>ZÜGE</p>",
        level="openness",
        year=2024,
        agencies=[cast.elsewhere],
    )
    story(
        title="Bus data",
        level="openness",
        year=2023,
        agencies=[cast.agency, cast.ngo],
        more=[
            ("heading", "Night lines"),
            ("quote", {"text": "We waited.", "by": "a passenger", "consent": "hushhush"}),
            ("figure", {"number": "9", "label": "Trips", "day": "2026-01-01", "source": "Counter"}),
        ],
    )
    cast.old = old
    return cast


def titles(client, query: str) -> list[str]:
    return [words(each) for each in soup(client.get(f"{LIST}{query}")).select(".card__title")]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?q=cafe", ["Café opening hours"]),
        ("?q=CAFÉ", ["Café opening hours"]),
        ("?q=strasse", ["Café opening hours"]),
        ("?q=STRAßE+arzte", ["Café opening hours"]),
        ("?q=züge", ["Café opening hours"]),
        ("?q=zuge+hours+cafe", ["Café opening hours"]),
        ("?q=universitat+burger", ["Café opening hours"]),
        ("?q=agency+bus", ["Bus data"]),
        ("?q=night+waited", ["Bus data"]),
        ("?q=old+cycle", ["Health queue"]),
        ("?q=open+city", ["Health queue"]),
        ("?q=cafe+bus", []),
        ("?q=hushhush", []),
        ("?q=%25", []),
        ("?q=_____", []),
        ("?year=2022", ["Health queue"]),
        ("?year=2023", ["Bus data", "Health queue"]),
        ("?year=2023&level=openness", ["Bus data"]),
        ("?year=2023&q=health&outcome=figure", ["Health queue"]),
        ("?agency={agency}", ["Bus data", "Health queue"]),
        ("?agency={ngo}", ["Bus data"]),
        ("?agency={agency}&year=2022&level=participation", ["Health queue"]),
        ("?level=collaboration", []),
    ],
)
def test_what_stands_in_the_address_is_found(client, told, query, expected):
    assert titles(client, query.format(agency=told.agency.ref, ngo=told.ngo.ref)) == expected


def test_only_what_occurs_is_offered_and_the_three_levels(client, told):
    answer = client.get(LIST)
    assert options(answer, "agency") == ["Agency", "NGO", "Universität für Bürger"]
    assert options(answer, "year") == ["2024", "2023", "2022"]
    assert options(answer, "level") == [
        "Openness and transparency",
        "Participation and Engagement",
        "Collaboration, co-design, co-creation, co-production",
    ]


@pytest.mark.parametrize("query", ["?year=1999", "?agency=22222ABSENT", "?year=2023'--", "?level=none"])
def test_what_is_not_offered_finds_nothing_and_is_said(client, told, query):
    answer = client.get(f"{LIST}{query}")
    assert answer.status_code == 200 and titles(client, query) == [] and "Choose one of the list." in page(answer)


def test_a_cycle_that_is_withdrawn_takes_its_years_and_its_name_from_the_search(client, told):
    fellowships.unpublish_cycle(cycle=told.old, by=told.cora)
    assert options(client.get(LIST), "year") == ["2024", "2023"]
    assert titles(client, "?q=old+cycle") == []
    assert "Old cycle" not in page(client.get(LIST))


@pytest.mark.parametrize("query", ["", "?q=agency", "?year=2023", "?level=openness&year=2024"])
def test_page_csv_json_and_feed_have_the_same(client, told, query):
    joined = query + ("&" if query else "?")
    shown = titles(client, query)
    rows = list(csv.DictReader(io.StringIO(client.get(f"{LIST}{joined}format=csv").content.decode("utf-8-sig"))))
    data = client.get(f"{LIST}{joined}format=json").json()
    feed = ElementTree.fromstring(client.get(f"/case-studies.atom{query}").content)
    space = {"a": "http://www.w3.org/2005/Atom"}
    assert [row["title"] for row in rows] == shown
    assert [row["title"] for row in data["case_studies"]] == shown and data["count"] == len(shown)
    assert [each.text for each in feed.findall("a:entry/a:title", space)] == shown
    assert feed.find("a:link[@rel='self']", space).get("href") == f"http://127.0.0.1:8000/case-studies.atom{query}"
    assert f"{len(shown)} case stud" in page(client.get(f"{LIST}{query}"))


def test_the_list_leads_to_the_feed_of_what_it_shows(client, told):
    links = {words(link): link["href"] for link in soup(client.get(f"{LIST}?year=2023&q=&page=1")).select("main a")}
    assert links["New ones like these as a feed"] == "/case-studies.atom?year=2023"
    assert links["These as JSON"] == "?year=2023&q=&format=json"


def test_open_data_say_under_which_licence(client, told):
    data = client.get(f"{LIST}?format=json&q=bus").json()
    assert data["licence"] == {"name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"}
    assert data["case_studies"][0]["organisations"] == ["Agency", "NGO"] and data["case_studies"][0]["years"] == [2023]
    for shape in ("csv", "json"):
        assert client.get(f"{LIST}?format={shape}")["Link"] == '<https://creativecommons.org/licenses/by/4.0/>; rel="license"'


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("shape", "queries"), [("?q=story&year=2020", 17), ("?format=json", 15), ("?format=csv&q=story", 17)])
def test_a_search_asks_as_often_whatever_it_finds(client, cast, django_assert_num_queries, rows, shape, queries):
    for number in range(rows):
        story(title=f"Story {number}", agencies=[cast.agency, cast.ngo], year=2020)
    client.get("/robots.txt")
    with django_assert_num_queries(queries):
        client.get(f"{LIST}{shape}")


def test_a_story_is_found_by_its_new_words_after_it_was_changed(client, cast, django_capture_on_commit_callbacks):
    changed = story()
    changed.summary = "Nobody waits for the ferry."
    with django_capture_on_commit_callbacks(execute=True):
        changed.save_revision().publish()
    assert titles(client, "?q=ferry") == ["Shorter queues"] and titles(client, "?q=rang") == []
