"""Which duties of the template an agreement has."""

import pytest

from mou import rules


def text(response) -> str:
    return " ".join(response.content.decode().split())


@pytest.fixture
def keys(agreement_draft) -> list[str]:
    return [duty["id"] for _clause, duty in agreement_draft.text.obligations()]


def test_each_duty_of_the_template_can_be_ticked_and_all_are(client, cast, agreement_draft, keys):
    client.force_login(cast.cora)
    page = text(client.get(f"/desk/agreements/{agreement_draft.ref}/duties/"))
    assert page.count(" checked>") == len(keys) == 36
    assert "Publish the brief to the fellow" in page and "42 days after the event “The programme approved the project”" in page


def test_what_is_not_ticked_is_left_out_and_can_come_back(client, cast, agreement_draft, keys):
    client.force_login(cast.cora)
    address = f"/desk/agreements/{agreement_draft.ref}/duties/"
    client.post(address, {"keep": keys[2:]})
    agreement_draft.refresh_from_db()
    assert agreement_draft.left_out == keys[:2]
    assert text(client.get(address)).count(" checked>") == len(keys) - 2
    client.post(address, {"keep": keys})
    agreement_draft.refresh_from_db()
    assert agreement_draft.left_out == []


def test_a_party_that_would_owe_nothing_is_named(client, cast, agreement_ready):
    client.force_login(cast.cora)
    programme = [
        d["id"] for _c, d in agreement_ready.text.obligations() if agreement_ready.text.party_of(d["debtor"]) == "programme"
    ]
    client.post(f"/desk/agreements/{agreement_ready.ref}/duties/", {"keep": programme})
    agreement_ready.refresh_from_db()
    sentence = "Agency would owe nothing; each party has at least one duty."
    assert [(row.sentence, row.mend) for row in rules.obstacles_to_sending(agreement_ready)] == [(sentence, "duties")]
    assert "Agency would owe nothing." in text(client.get(f"/desk/agreements/{agreement_ready.ref}/duties/"))


def test_an_unknown_duty_is_refused_and_nothing_changes(client, cast, agreement_draft, keys):
    client.force_login(cast.cora)
    response = client.post(f"/desk/agreements/{agreement_draft.ref}/duties/", {"keep": [*keys[5:], "OB-99<b>"]})
    agreement_draft.refresh_from_db()
    assert (response.status_code, agreement_draft.left_out) == (422, [])
    assert "<b>" not in response.content.decode().split("There is a problem")[1].split("</ul>")[0]


def test_nobody_else_chooses(client, cast, agreement_draft):
    for name, status in [("audrey", 403), ("amir", 404), ("otto", 404)]:
        client.force_login(getattr(cast, name))
        assert client.post(f"/desk/agreements/{agreement_draft.ref}/duties/", {"keep": []}).status_code == status
    agreement_draft.refresh_from_db()
    assert agreement_draft.left_out == []
