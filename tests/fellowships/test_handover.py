"""The handover of a placement: who writes, who receives, who accepts and who waives; and what follows the last day."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction

from core.access import HOUSE
from core.models import Event, Message
from fellowships import actions, demo, rules
from fellowships.kinds import handover_outline
from fellowships.models import Handover, Placement, Section
from mou.kinds import handover_sections
from partnerships import actions as partnerships
from partnerships.models import Membership
from tests.conftest import sign_in_for
from tests.threads import at_once

TEXT = "Written down in the project folder."


def section(handover: Handover, number: int) -> Section:
    return Section.objects.get(handover=handover, number=number)


def write(handover: Handover, number: int, by, *, text: str = TEXT) -> Section:
    found = section(handover, number)
    answers = {row["id"]: row.get("choices", [text])[0] for row in found.questions}
    actions.edit_section(section=found, answers=answers, shown=found.sha256(), by=by)
    return found


def offered(handover: Handover, number: int, receiver, *, fellow, by) -> Section:
    found = write(handover, number, fellow)
    actions.assign_section(section=found, receiver=receiver.person, by=by)
    actions.offer_section(section=found, by=fellow)
    return found


def accept(found: Section, by) -> None:
    actions.accept_section(section=found, shown=found.sha256(), by=by)


# ------------------------------------------------------------------------------------------------- the plan


def test_the_outline_lists_the_sections_that_the_agreement_prints(cast):
    levels = {"must": "Required", "should": "Recommended"}
    listed = [{"number": p.number, "title": p.title, "level": levels[p.level]} for p in handover_outline().parts]
    assert listed == handover_sections()
    assert (len(listed), demo.musts()) == (17, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 14, 15, 17])


def test_a_plan_is_made_when_the_placement_starts_and_only_once(cast, agreement_in_force):
    assert not Handover.objects.exists()
    actions.start_placement(placement=cast.placement, by=cast.cora)
    made = Handover.objects.get()
    assert (made.placement, made.outline, made.version, made.section_set.count()) == (cast.placement, "handover", 1, 17)
    with pytest.raises(PermissionDenied, match="has its handover plan already"):
        actions.make_handover(placement=cast.placement, by=cast.cora)


def test_a_coordinator_opens_the_plan_of_a_planned_placement_and_nobody_else_does(cast):
    for who in (cast.felix, cast.stella, cast.sofia, cast.audrey, cast.nora):
        with pytest.raises(PermissionDenied, match="Only a coordinator"):
            actions.make_handover(placement=cast.placement, by=who)
    made = actions.make_handover(placement=cast.placement, by=cast.cora)
    assert made.due is not None
    actions.withdraw_placement(placement=cast.placement, ended_on=cast.today, reason="No.", by=cast.cora)
    assert (
        rules.edit_handover(cast.felix, Handover.objects.get()).reason
        == "The placement is withdrawn: its handover stays as it is."
    )


def test_dates_are_counted_back_from_the_last_day_by_the_programmes_business_days(cast):
    last = date(2027, 6, 30)
    actions.edit_placement(placement=cast.placement, facts={"ends": last}, by=cast.cora)
    made = actions.make_handover(placement=cast.placement, by=cast.cora)
    days = {each.number: each.due for each in made.section_set.all()}
    assert made.due == days[17] == date(2027, 6, 16)  # ten business days
    assert days[3] == date(2027, 4, 1)  # 90 days
    assert days[1] == date(2027, 4, 30)  # 60 days before is a Saturday: the business day before it
    assert days[16] == date(2027, 6, 29)
    assert dict(made.dates())["All access removed"] == date(2027, 7, 1)
    actions.edit_placement(placement=cast.placement, facts={"ends": last + timedelta(days=7)}, by=cast.cora)
    made.refresh_from_db()
    assert (made.due, section(made, 17).due) == (date(2027, 6, 23), date(2027, 6, 23))
    assert Event.objects.filter(verb="handover.dated").count() == 1


def test_dates_follow_the_cycle_where_the_placement_has_no_days_of_its_own(cast):
    made = actions.make_handover(placement=cast.placement, by=cast.cora)
    before = made.due
    actions.edit_cycle(cycle=cast.cycle, facts={"ends": cast.ends + timedelta(days=14)}, by=cast.cora)
    made.refresh_from_db()
    assert made.due == before + timedelta(days=14)


# ------------------------------------------------------------------------------------------------- receivers


def test_receivers_are_people_of_the_host_and_never_the_fellow(cast, handover, harbour):
    partnerships.add_member(organisation=cast.agency, person=cast.felix.person, role="official", by=HOUSE)
    for who in (cast.felix, cast.nora, cast.cora, cast.rita, harbour.hugo):
        with pytest.raises(PermissionDenied, match="Who receives has a role at Agency today, and is not the fellow"):
            actions.assign_section(section=section(handover, 1), receiver=who.person, by=cast.cora)
        with pytest.raises(PermissionDenied, match="Who receives has a role"):
            actions.assign_handover(handover=handover, receivers={"data": who.person}, by=cast.cora)
    assert [person.name for person in handover.receivers()] == ["Amir", "Sofia", "Stella"]


def test_who_receives_is_named_by_the_coordinator_and_the_hosts_lead_and_supervisor(cast, handover, host_people):
    for who in (cast.cora, cast.stella, host_people.lead):
        actions.assign_section(section=section(handover, 1), receiver=cast.amir.person, by=who)
        actions.assign_section(section=section(handover, 1), receiver=cast.sofia.person, by=who)
    for who in (cast.felix, cast.sofia, cast.amir, cast.nora, cast.audrey, host_people.sponsor, cast.otto):
        with pytest.raises(PermissionDenied, match="names who receives"):
            actions.assign_section(section=section(handover, 1), receiver=cast.amir.person, by=who)


def test_naming_by_parts_of_the_work_leaves_what_is_accepted_with_who_accepted_it(cast, handover):
    accept(offered(handover, 9, cast.stella, fellow=cast.felix, by=cast.cora), cast.stella)
    given = actions.assign_handover(
        handover=handover,
        receivers={"data": cast.sofia.person, "product": cast.amir.person},
        lead=cast.sofia.person,
        by=cast.cora,
    )
    product = [each.number for each in handover.section_set.filter(owner_role="product")]
    assert (given, Handover.objects.get().lead) == (len(product), cast.sofia.person)
    assert section(handover, 9).receiver == cast.stella.person
    assert {section(handover, number).receiver for number in product} == {cast.amir.person}


# ------------------------------------------------------------------------------------------------- writing and offering


def test_the_fellow_and_the_coordinator_write_and_nobody_else_does(cast, handover, host_people):
    for who in (cast.felix, cast.cora):
        write(handover, 1, who, text=f"By {who}")
    for who in (cast.stella, cast.sofia, cast.audrey, cast.nora, cast.otto, host_people.lead):
        with pytest.raises(PermissionDenied, match="Only the fellow and a coordinator"):
            write(handover, 1, who)


def test_half_an_answer_is_kept_and_is_not_offered(cast, handover):
    found = section(handover, 1)
    actions.edit_section(section=found, answers={"vision": " No queue. ", "other": "x"}, shown=found.sha256(), by=cast.felix)
    assert section(handover, 1).answers == {"vision": "No queue."}
    reason = rules.offer_section(cast.felix, section(handover, 1)).reason
    assert reason == "Nobody is named to receive “1 Purpose and story”."
    actions.assign_section(section=found, receiver=cast.stella.person, by=cast.cora)
    with pytest.raises(PermissionDenied, match=r"is not written yet\. Answer: Who uses it, and what did we learn about them\?"):
        actions.offer_section(section=section(handover, 1), by=cast.felix)
    write(handover, 1, cast.felix)
    actions.offer_section(section=section(handover, 1), by=cast.felix)
    assert section(handover, 1).state == "offered"


def test_nobody_overwrites_what_they_have_not_seen(cast, handover):
    mine = section(handover, 1)
    shown = mine.sha256()
    write(handover, 1, cast.cora)
    with pytest.raises(ValidationError, match="Somebody else has changed this section") as refused:
        actions.edit_section(section=mine, answers={"vision": "Mine"}, shown=shown, by=cast.felix)
    assert refused.value.code == "changed"
    assert section(handover, 1).answers["vision"] == TEXT


def test_one_mail_tells_a_receiver_of_all_that_is_offered_at_once(cast, handover):
    actions.assign_handover(handover=handover, receivers={"product": cast.stella.person, "data": cast.sofia.person}, by=cast.cora)
    sections = [write(handover, number, cast.felix) for number in (1, 2, 3, 9)]
    before = Message.objects.count()
    assert actions.offer_handover(handover=handover, sections=sections, by=cast.felix) == 4
    mails = Message.objects.order_by("pk")[before:]
    assert sorted((mail.to, mail.subject) for mail in mails) == [
        ("sofia@example.org", "To accept: 1 section from Felix"),
        ("stella@example.org", "To accept: 3 sections from Felix"),
    ]


def test_whoever_takes_over_what_was_offered_to_another_reads_of_all_of_it_in_one_mail(cast, handover):
    actions.assign_handover(handover=handover, receivers={"product": cast.stella.person}, by=cast.cora)
    actions.offer_handover(handover=handover, sections=[write(handover, n, cast.felix) for n in (1, 2, 3)], by=cast.felix)
    before = Message.objects.count()
    actions.assign_handover(handover=handover, receivers={"product": cast.sofia.person}, by=cast.cora)
    (mail,) = Message.objects.order_by("pk")[before:]
    assert (mail.to, mail.subject) == ("sofia@example.org", "To accept: 3 sections from Felix")


def test_a_batch_with_one_section_that_is_not_ready_offers_none(cast, handover):
    ready = write(handover, 1, cast.felix)
    actions.assign_section(section=ready, receiver=cast.stella.person, by=cast.cora)
    with pytest.raises(PermissionDenied, match="Nobody is named to receive “2 State of the work”"):
        actions.offer_handover(handover=handover, sections=[ready, section(handover, 2)], by=cast.felix)
    assert {each.state for each in handover.section_set.all()} == {"open"}


# ------------------------------------------------------------------------------------------------- accepting


def test_only_the_named_receiver_accepts_or_sends_back_in_their_own_name(cast, handover, host_people):
    found = offered(handover, 1, cast.sofia, fellow=cast.felix, by=cast.cora)
    only = "Only Sofia accepts this section or sends it back, in their own name"
    for who in (cast.felix, cast.cora, cast.stella, cast.nora, cast.otto, host_people.lead, cast.rooth):
        with pytest.raises(PermissionDenied, match=only):
            accept(found, who)
        with pytest.raises(PermissionDenied, match=only):
            actions.send_back_section(section=found, reason="No.", by=who)
    accept(found, cast.sofia)
    done = section(handover, 1)
    assert (done.state, done.accepted_by, done.accepted_sha256) == ("accepted", cast.sofia.person, done.sha256())
    with pytest.raises(PermissionDenied, match=r"is accepted\. Only what is offered"):
        accept(done, cast.sofia)


def test_what_was_shown_is_what_is_accepted(cast, handover):
    found = offered(handover, 1, cast.sofia, fellow=cast.felix, by=cast.cora)
    with pytest.raises(ValidationError, match="has changed since you opened it"):
        actions.accept_section(section=found, shown="0" * 64, by=cast.sofia)
    assert section(handover, 1).state == "offered"


def test_what_is_sent_back_says_what_is_missing_and_is_open_again(cast, handover):
    found = offered(handover, 1, cast.sofia, fellow=cast.felix, by=cast.cora)
    actions.send_back_section(section=found, reason="Say who uses it.", by=cast.sofia)
    back = section(handover, 1)
    assert (back.state, back.sent_back, back.offered_at) == ("open", "Say who uses it.", None)
    last = Message.objects.first()
    assert (last.to, last.subject) == ("felix@example.org", "Sent back: 1 Purpose and story")
    actions.offer_section(section=back, by=cast.felix)
    assert section(handover, 1).sent_back == ""


def test_a_change_under_an_acceptance_opens_it_again_and_tells_who_had_accepted(cast, handover):
    found = offered(handover, 1, cast.sofia, fellow=cast.felix, by=cast.cora)
    accept(found, cast.sofia)
    same = section(handover, 1)
    assert actions.edit_section(section=same, answers=same.answers, shown=same.sha256(), by=cast.felix) is False
    assert section(handover, 1).state == "accepted"
    write(handover, 1, cast.felix, text="Another word.")
    again = section(handover, 1)
    assert (again.state, again.accepted_by, again.accepted_at, again.accepted_sha256) == ("open", None, None, "")
    verbs = list(Event.objects.order_by("-seq").values_list("verb", flat=True)[:2])
    assert verbs == ["section.written", "section.reopened"]
    assert Message.objects.first().subject == "Changed after you accepted it: 1 Purpose and story"


def test_who_left_the_host_cannot_accept_and_a_new_receiver_can(cast, handover):
    found = offered(handover, 1, cast.sofia, fellow=cast.felix, by=cast.cora)
    for row in Membership.objects.live().filter(person=cast.sofia.person):
        partnerships.end_membership(membership=row, by=HOUSE)
    with pytest.raises(PermissionDenied, match=r"Sofia has no role at Agency any more\. A new receiver is needed\."):
        accept(found, cast.sofia)
    actions.assign_section(section=found, receiver=cast.stella.person, by=cast.cora)
    assert (section(handover, 1).state, Message.objects.first().to) == ("offered", "stella@example.org")
    accept(found, cast.stella)
    for row in Membership.objects.live().filter(person=cast.stella.person):
        partnerships.end_membership(membership=row, by=HOUSE)
    assert section(handover, 1).state == "accepted"  # what was true stays


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_acceptances_at_once_one_counts(cast, handover):
    found = offered(handover, 1, cast.sofia, fellow=cast.felix, by=cast.cora)
    shown = found.sha256()

    def writer(mine: Section):
        return lambda: actions.accept_section(section=mine, shown=shown, by=cast.sofia)

    errors = at_once(*[writer(section(handover, 1)) for _ in range(3)])
    assert [type(error) for error in errors] == [PermissionDenied] * 2
    assert Event.objects.filter(verb="section.accepted").count() == 1


# ------------------------------------------------------------------------------------------------- waiving and leaving out


def test_who_answers_for_the_programme_or_the_host_waives_with_a_reason_and_the_fellow_never(cast, handover, host_people):
    for number, who in enumerate((cast.cora, host_people.lead, host_people.sponsor), start=1):
        actions.waive_section(section=section(handover, number), reason="Nothing of that is there.", by=who)
        done = section(handover, number)
        assert (done.state, done.waived_by, done.reason) == ("waived", who.person, "Nothing of that is there.")
    partnerships.add_member(organisation=cast.agency, person=cast.felix.person, role="lead", by=HOUSE)
    for who in (cast.felix, cast.stella, cast.sofia, cast.amir, cast.nora, cast.audrey):
        with pytest.raises(PermissionDenied, match="waives a required section"):
            actions.waive_section(section=section(handover, 4), reason="No.", by=who)
    with pytest.raises(ValidationError, match="Say why"):
        actions.waive_section(section=section(handover, 4), reason=" ", by=cast.cora)
    with pytest.raises(DatabaseError, match="section_waived_with_reason"), transaction.atomic():
        Section.objects.filter(number=1).update(reason="")


def test_a_recommended_section_is_left_out_with_a_reason_and_a_required_one_is_not(cast, handover):
    actions.leave_out_section(section=section(handover, 12), reason="The work ends here.", by=cast.felix)
    assert (section(handover, 12).state, section(handover, 12).reason) == ("left_out", "The work ends here.")
    with pytest.raises(PermissionDenied, match="A required section is not left out"):
        actions.leave_out_section(section=section(handover, 1), reason="No.", by=cast.felix)
    with pytest.raises(PermissionDenied, match="needs no waiver"):
        actions.waive_section(section=section(handover, 13), reason="No.", by=cast.cora)
    write(handover, 12, cast.felix)
    assert (section(handover, 12).state, section(handover, 12).reason) == ("open", "")


# ------------------------------------------------------------------------------------------------- how it stands


def test_how_it_stands_is_worked_out_from_the_sections_and_the_day(cast, handover):
    def stands() -> str:
        return Handover.objects.with_standing().get().standing

    assert stands() == "draft"
    accept(offered(handover, 1, cast.sofia, fellow=cast.felix, by=cast.cora), cast.sofia)
    assert (stands(), Handover.objects.standings()) == ("in_part", {"in_part": 1})
    with time_machine.travel(handover.due, tick=False):
        assert stands() == "in_part"
    with time_machine.travel(handover.due + timedelta(days=1), tick=False):
        assert stands() == "late"
    demo.handed_over(Placement.objects.get(), [cast.stella, cast.sofia], fellow=cast.felix, by=cast.cora)
    with time_machine.travel(handover.due + timedelta(days=1), tick=False):
        assert stands() == "accepted"


def test_a_plan_names_whose_acceptance_is_missing_with_how_many(cast, handover):
    but = [2, 9, 17]
    demo.handed_over(Placement.objects.get(), [cast.stella], fellow=cast.felix, by=cast.cora, but=but)
    found = Handover.objects.with_standing().with_missing().get()
    assert (found.met, found.musts, found.blocking()) == (11, 14, ["Stella (3)"])
    Section.objects.filter(number=9).update(receiver=None)
    assert Handover.objects.with_missing().get().blocking() == ["Stella (2)", "somebody still to be named for Data (1)"]


def test_a_restricted_section_is_read_by_who_writes_receives_and_leads_alone(cast, handover, host_people):
    people = section(handover, 13)
    assert people.restricted
    actions.assign_handover(handover=handover, receivers={"support": cast.sofia.person}, lead=cast.stella.person, by=cast.cora)
    people.refresh_from_db()
    readers = [who for who in (cast.felix, cast.cora, cast.sofia, cast.stella) if rules.read_section(who, people)]
    assert readers == [cast.felix, cast.cora, cast.sofia, cast.stella]
    for who in (cast.audrey, cast.nora, cast.amir, host_people.lead, sign_in_for("zed")):
        assert not rules.read_section(who, people)
    assert rules.read_section(cast.audrey, section(handover, 1))
