"""On the page of a cycle: the case studies that tell of it, while they are published."""

import pytest

from cms.models import CaseStudyIndexPage, CaseStudyPage
from fellowships import actions as fellowships
from fellowships.models import Cycle
from tests.cms.stories import FACTS, story
from tests.reading import soup, words


@pytest.fixture
def cycle(cast) -> Cycle:
    fellowships.publish_cycle(cycle=cast.cycle, by=cast.cora)
    return cast.cycle


def told(client, cycle) -> list[str]:
    """What stands under "Case studies"; nothing where that part of the page is not there."""
    sections = soup(client.get(f"/cycles/{cycle.ref}/")).select("main section")
    return [words(link) for each in sections if words(each.h2) == "Case studies" for link in each.select("a")]


def test_the_newest_first_and_none_of_another_cycle(client, cast, cycle):
    other = fellowships.open_cycle(programme=cast.programme, name="Other cycle", by=cast.cora)
    fellowships.publish_cycle(cycle=other, by=cast.cora)
    assert told(client, cycle) == []
    story(cycle=cycle)
    story(title="Of no cycle")
    story(title="Of another cycle", cycle=other)
    story(title="Second thoughts", cycle=cycle)
    assert [told(client, each) for each in (cycle, other)] == [["Second thoughts", "Shorter queues"], ["Of another cycle"]]


def test_each_leads_to_its_page(client, cycle):
    page = story(cycle=cycle)
    (link,) = soup(client.get(f"/cycles/{cycle.ref}/")).select(f'main a[href="{page.url}"]')
    assert words(link) == "Shorter queues"
    assert client.get(page.url).status_code == 200


def test_drafts_and_what_was_taken_down_are_not_there(client, cycle, django_capture_on_commit_callbacks):
    draft = CaseStudyPage(live=False, **FACTS | {"title": "Secret draft", "cycle": cycle})
    CaseStudyIndexPage.shown().add_child(instance=draft)
    page = story(cycle=cycle)
    assert told(client, cycle) == ["Shorter queues"]
    with django_capture_on_commit_callbacks(execute=True):
        page.unpublish()
    assert told(client, cycle) == []


def test_one_that_was_just_published_is_there_although_the_page_was_kept(client, cycle, django_capture_on_commit_callbacks):
    assert [told(client, cycle), told(client, cycle)] == [[], []]
    with django_capture_on_commit_callbacks(execute=True):
        story(cycle=cycle)
    assert told(client, cycle) == ["Shorter queues"]


def test_it_is_the_same_page_for_who_writes_and_for_who_does_not(client, cast, cycle):
    CaseStudyIndexPage.shown().add_child(instance=CaseStudyPage(live=False, **FACTS | {"cycle": cycle}))
    for user in (cast.edna, cast.cora, cast.otto):
        client.force_login(user)
        assert told(client, cycle) == []


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_asks_as_often_for_one_case_study_as_for_three(client, cycle, django_assert_num_queries, rows):
    for number in range(rows):
        story(title=f"Story {number}", cycle=cycle)
    client.get("/case-studies/")  # where the site begins is asked for once
    with django_assert_num_queries(12):
        client.get(f"/cycles/{cycle.ref}/")
