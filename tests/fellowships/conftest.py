"""A second host in the same cycle, which the people of the first know nothing of."""

from types import SimpleNamespace

import pytest

from core.access import HOUSE
from fellowships import actions
from fellowships.models import Handover
from partnerships import actions as partnerships
from tests.conftest import sign_in_for


@pytest.fixture
def harbour(cast) -> SimpleNamespace:
    """Hugo supervises Hana at the harbour board; Ines takes part and is placed nowhere."""
    c = SimpleNamespace(hugo=sign_in_for("hugo"), hana=sign_in_for("hana"), ines=sign_in_for("ines"))
    c.board = partnerships.add_organisation(name="Harbour Board", short_name="Harbour", city="Saltmere", by=HOUSE)
    partnerships.add_member(organisation=c.board, person=c.hugo.person, role="supervisor", by=HOUSE)
    c.host = actions.add_host(cycle=cast.cycle, organisation=c.board, by=cast.cora)
    c.fellow = actions.add_fellow(cycle=cast.cycle, person=c.hana.person, home="Pier", skills=["tides"], by=cast.cora)
    c.project = actions.add_project(programme=cast.programme, title="Tide tables", organisation=c.board, by=cast.cora)
    c.placement = actions.add_placement(fellow=c.fellow, host=c.host, project=c.project, by=cast.cora)
    c.unplaced = actions.add_fellow(cycle=cast.cycle, person=c.ines.person, by=cast.cora)
    return c


@pytest.fixture
def cora(client, cast):
    client.force_login(cast.cora)
    return client


@pytest.fixture
def handover(cast, agreement_in_force) -> Handover:
    """Of Felix's placement, which has started; nothing is written and nobody is named."""
    actions.start_placement(placement=cast.placement, by=cast.cora)
    return Handover.objects.get(placement=cast.placement)


@pytest.fixture
def host_people(cast) -> SimpleNamespace:
    """Leo leads the agency, Sam is its executive sponsor."""
    c = SimpleNamespace(lead=sign_in_for("leo"), sponsor=sign_in_for("sam"))
    partnerships.add_member(organisation=cast.agency, person=c.lead.person, role="lead", by=HOUSE)
    partnerships.add_member(organisation=cast.agency, person=c.sponsor.person, role="sponsor", by=HOUSE)
    return c
