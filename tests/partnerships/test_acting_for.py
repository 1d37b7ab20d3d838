"""Who acts for several reads it on every page of the desk; who acts for one is told on the desk alone."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import actions as accounts
from core.access import HOUSE
from core.sharing import acting_for
from partnerships import actions
from tests.reading import soup, words

PAGES = ("/desk/", "/desk/organisations/", "/desk/me/", "/desk/agreements/", "/desk/messages/")


def rail(client, address: str) -> list[str]:
    """What the rail says of for whom one acts."""
    return [words(each) for each in soup(client.get(address)).select(".rail__for li")]


def join(cast, user, organisation, role: str, **dates):
    return actions.add_member(organisation=organisation, person=user.person, role=role, by=HOUSE, **dates)


def test_who_acts_for_two_reads_it_on_every_page(client, cast):
    join(cast, cast.nora, cast.agency, "sponsor")
    client.force_login(cast.nora)
    assert [rail(client, each) for each in PAGES] == [["Agency Executive sponsor", "NGO Lead, Signatory"]] * len(PAGES)


def test_programmes_and_the_site_count_as_well(client, cast):
    join(cast, cast.cora, cast.agency, "sponsor")
    accounts.give_site_role(person=cast.cora.person, role="administrator", by=HOUSE)
    client.force_login(cast.cora)
    assert rail(client, "/desk/me/") == ["this site Administrator", "Open city Programme coordinator", "Agency Executive sponsor"]


@pytest.mark.parametrize("name", ["nora", "felix", "cora", "rita", "rooth"])
def test_who_acts_for_one_or_for_nobody_reads_nothing_there(client, cast, name):
    """Two roles at one place are one place; what has ended, and what has not begun, is none."""
    later = cast.today + timedelta(days=1)
    join(cast, cast.nora, cast.elsewhere, "sponsor", since=later)
    join(cast, cast.nora, cast.elsewhere, "lead", since=cast.today - timedelta(days=9), until=cast.today)
    client.force_login(getattr(cast, name))
    assert rail(client, "/desk/messages/") == []


def test_it_ends_with_the_role_in_the_same_session(client, cast):
    member = join(cast, cast.nora, cast.agency, "sponsor")
    client.force_login(cast.nora)
    assert len(rail(client, "/desk/messages/")) == 2
    actions.end_membership(membership=member, by=HOUSE)
    assert rail(client, "/desk/messages/") == []


def test_it_costs_those_who_act_for_one_no_question_and_the_others_one(client, cast):
    client.force_login(cast.nora)
    client.get("/desk/messages/")
    counts = []
    for place in (None, cast.agency, cast.elsewhere):
        if place:
            join(cast, cast.nora, place, "sponsor")
        with CaptureQueriesContext(connection) as asked:
            client.get("/desk/messages/")
        counts.append(len(asked))
    assert [count - counts[0] for count in counts] == [0, 1, 1]


def test_two_places_of_one_name_are_two(cast, django_assert_num_queries):
    twin = actions.add_organisation(name="Agency", legal_form="another", by=HOUSE)
    for place in (cast.agency, twin):
        join(cast, cast.felix, place, "sponsor")
    with django_assert_num_queries(1):
        assert acting_for(cast.felix) == [("Agency", "Executive sponsor")] * 2
