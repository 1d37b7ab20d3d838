"""`manage.py due`: dates on standard output and nothing else, sentences on standard error, status 1 for a fault."""

import time
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from core.management.commands.due import Command

TERM = ("--anchor", "start=2026-09-01", "--anchor", "end=2027-08-31")
EFFECTIVE = ("--anchor", "effective=2026-09-01")


def due(*arguments: str) -> tuple[str, str]:
    """What the command writes to standard output and to standard error."""
    out, err = StringIO(), StringIO()
    call_command("due", *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def refused(*arguments: str) -> str:
    with pytest.raises(CommandError) as caught:
        due(*arguments)
    return str(caught.value)


@pytest.mark.parametrize(
    ("arguments", "dates"),
    [
        (("10 business days after effective", *EFFECTIVE, "--calendar", "US"), ["2026-09-16"]),
        (("42 days after effective", *EFFECTIVE), ["2026-10-13"]),
        (("5 business days before start", *TERM), ["2026-08-25"]),
        (("1 month after start", *TERM), ["2026-10-01"]),
        (("0 days after end", *TERM), ["2027-08-31"]),
        (
            ("every month from start until end", *TERM),
            [
                *("2026-10-01", "2026-11-01", "2026-12-01", "2027-01-01", "2027-02-01", "2027-03-01"),
                *("2027-04-01", "2027-05-01", "2027-06-01", "2027-07-01", "2027-08-01"),
            ],
        ),
        # Sun 1 Nov, Fri 1 Jan, Sat 1 May and Sun 1 Aug 2027 move; 1 May moves to Mon the 3rd.
        (
            ("every month from start until end", *TERM, "--calendar", "US"),
            [
                *("2026-10-01", "2026-11-02", "2026-12-01", "2027-01-04", "2027-02-01", "2027-03-01"),
                *("2027-04-01", "2027-05-03", "2027-06-01", "2027-07-01", "2027-08-02"),
            ],
        ),
        (
            ("5 business days after each month end until end", *TERM, "--limit", "3"),
            ["2026-10-07", "2026-11-06", "2026-12-07"],
        ),
        (
            ("15 days after each quarter end until end", *TERM),
            ["2026-10-15", "2027-01-15", "2027-04-15", "2027-07-15"],
        ),
        (("72 hours after event:breach", "--anchor", "event:breach=2026-09-01T14:30"), ["2026-09-04T14:30:00+00:00"]),
        (("72 hours after event:breach", "--anchor", "event:breach=2026-09-01 14:30:05Z"), ["2026-09-04T14:30:05+00:00"]),
        (("72 hours after event:breach", "--anchor", "event:breach=2026-09-01T14:30-05:00"), ["2026-09-04T14:30:00-05:00"]),
        (("72 hours after event:breach", "--anchor", " Event: Breach = 2026-09-01 "), ["2026-09-04T00:00:00+00:00"]),
        (("1 day after executed", "--anchor", "signature=2026-09-01"), ["2026-09-02"]),
        (("1 day after start", "--anchor", "start=2026-09-01", "--anchor", "event:other=2026-01-01"), ["2026-09-02"]),
        # 12 October 2026 is a Monday: without a calendar it stays, with a day off or when asked for it moves.
        (("41 days after effective", *EFFECTIVE), ["2026-10-12"]),
        (("41 days after effective", *EFFECTIVE, "--holiday", "2026-10-12"), ["2026-10-13"]),
        (("41 days after effective", *EFFECTIVE, "--holiday", "2026-10-12", "--holiday", "2026-10-13"), ["2026-10-14"]),
        (("41 days after effective", *EFFECTIVE, "--holiday", "2026-10-12", "--roll", "none"), ["2026-10-12"]),
        # 3 October 2026 is a Saturday.
        (("32 days after effective", *EFFECTIVE), ["2026-10-03"]),
        (("32 days after effective", *EFFECTIVE, "--roll", "business"), ["2026-10-05"]),
        (("32 days after effective", *EFFECTIVE, "--roll", "none", "--calendar", "US"), ["2026-10-03"]),
    ],
)
def test_it_prints_the_dates_and_nothing_else(arguments: tuple[str, ...], dates: list[str]) -> None:
    assert due(*arguments) == ("".join(f"{day}\n" for day in dates), "")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("1 day after event:breach",), "The rule waits for “event:breach” and has no date until then.\n"),
        (
            ("every week from event:joining until event:leaving",),
            "The rule waits for “event:joining”, “event:leaving” and has no date until then.\n",
        ),
        (("gate: executed",), "A gate has no date: nothing may begin before “executed”.\n"),
        (("every year from start until end", *TERM), "No date of this rule falls within its term.\n"),
    ],
)
def test_a_rule_without_a_date_says_why_and_prints_nothing(arguments: tuple[str, ...], sentence: str) -> None:
    assert due(*arguments) == ("", sentence)


def test_the_explanation_leaves_standard_output_as_it_is() -> None:
    out, err = due("every month from start until end", *TERM, "--calendar", "US", "--limit", "4", "--explain")
    assert out == "2026-10-01\n2026-11-02\n2026-12-01\n2027-01-04\n"
    assert err.split("\n") == [
        "every month from start until end",
        "2026-10-01: number 1 of the series from Tuesday 2026-09-01.",
        "2026-11-02: number 2 of the series from Tuesday 2026-09-01; moved from Sunday 2026-11-01 (no business day).",
        "2026-12-01: number 3 of the series from Tuesday 2026-09-01.",
        "2027-01-04: number 4 of the series from Tuesday 2026-09-01; moved from Friday 2027-01-01 (New Year's Day).",
        "",
    ]


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("prohibition until end", *TERM), "2027-08-31: the day on which the prohibition ends."),
        (
            ("5 business days before start", "--anchor", "start=2026-09-14", "--calendar", "US"),
            "2026-09-04: 5 business days before Monday 2026-09-14; holidays on the way: 2026-09-07 Labor Day.",
        ),
        (
            ("2 business days after start", "--anchor", "start=2026-09-10", "--calendar", "US"),
            "2026-09-14: 2 business days after Thursday 2026-09-10.",
        ),
        (
            ("72 hours after start", "--anchor", "start=2026-09-10T12:00"),
            "2026-09-13T12:00:00+00:00: 72 hours after Thursday 2026-09-10.",
        ),
        (
            (
                "30 business days after start",
                "--anchor",
                "start=2026-09-01",
                *(f"--holiday=2026-09-{n:02}" for n in range(8, 23)),
            ),
            "2026-10-28: 30 business days after Tuesday 2026-09-01; holidays on the way: "
            + ", ".join(f"2026-09-{n:02} local holiday" for n in range(8, 20))
            + ", and 3 more.",
        ),
    ],
)
def test_each_form_is_explained_in_one_line(arguments: tuple[str, ...], line: str) -> None:
    assert due(*arguments, "--explain")[1].split("\n")[1:] == [line, ""]


DAY = "Write it as 2026-09-01, 2026-09-01T14:30 or 2026-09-01T14:30+02:00."
NAMES = "Anchors are “executed”, “effective”, “start”, “end”, “expiry” and “event:” with a name."


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--anchor", "start"), "“start” is not an anchor. Write it as effective=2026-09-01."),
        (("--anchor", "=2026-09-01"), "“=2026-09-01” is not an anchor. Write it as effective=2026-09-01."),
        (("--anchor", ""), "“” is not an anchor. Write it as effective=2026-09-01."),
        (("--anchor", "strat=2026-09-01"), f"There is no anchor “strat”. {NAMES} Did you mean “start”?"),
        (("--anchor", "lunch=2026-09-01"), f"There is no anchor “lunch”. {NAMES}"),
        (("--anchor", "event:=2026-09-01"), f"There is no anchor “event:”. {NAMES}"),
        (("--anchor", "event:go-live=2026-09-01"), f"There is no anchor “event:go-live”. {NAMES}"),
        (("--anchor", "start=2026-09-01", "--anchor", "START=2026-09-01"), "The anchor “start” is given twice."),
        (("--anchor", "executed=2026-09-01", "--anchor", "signature=2026-09-01"), "The anchor “executed” is given twice."),
        (
            ("--anchor", "start=2026-09-02", "--anchor", "end=2026-09-01"),
            "“end” (2026-09-01) lies before “start” (2026-09-02).",
        ),
        (
            ("--anchor", "expiry=2026-09-01T10:00", "--anchor", "effective=2026-09-02"),
            "“expiry” (2026-09-01) lies before “effective” (2026-09-02).",
        ),
        (("--anchor", "start="), f"“” is not a day or a moment. {DAY}"),
        (("--anchor", "start=tomorrow"), f"“tomorrow” is not a day or a moment. {DAY}"),
        (("--anchor", "start=2026-02-30"), f"“2026-02-30” is not a day or a moment. {DAY}"),
        (("--anchor", "start=20260901"), f"“20260901” is not a day or a moment. {DAY}"),
        (("--anchor", "start=01.09.2026"), f"“01.09.2026” is not a day or a moment. {DAY}"),
        (("--anchor", "start=2026-09-01T25:00"), f"“2026-09-01T25:00” is not a day or a moment. {DAY}"),
        (("--anchor", "start=2026-09-01T10:00+99:00"), f"“2026-09-01T10:00+99:00” is not a day or a moment. {DAY}"),
        (("--anchor", "start=٢٠٢٦-٠٩-٠١"), f"“٢٠٢٦-٠٩-٠١” is not a day or a moment. {DAY}"),
        (("--anchor", "start=0000-00-00"), f"“0000-00-00” is not a day or a moment. {DAY}"),
        (("--anchor", "start=2026-09-01\0"), f"“2026-09-01\ufffd” is not a day or a moment. {DAY}"),
        (("--anchor", "start=" + "9" * 10_000), f"“{'9' * 40}…” is not a day or a moment. {DAY}"),
        (("--anchor", "start=0001-01-01"), "A date falls in the year 1; dates are counted from 1900 to 2200."),
        (("--anchor", "start=9999-12-31"), "A date falls in the year 9999; dates are counted from 1900 to 2200."),
        ((), "The rule needs the day of “start”, and it is not given. Give it with --anchor start=2026-09-01."),
        ((*TERM, "--holiday", "Easter"), f"“Easter” is not a day or a moment. {DAY}"),
        ((*TERM, "--calendar", " "), "The code of the calendar is empty. Codes are such as “US”, “DE-BY” or “GB-ENG”."),
        (
            (*TERM, "--calendar", "Germny"),
            "There is no calendar “Germny”; calendars have codes such as “US”, “DE-BY” or “GB-ENG”. Near it are: DE (Germany).",
        ),
        ((*TERM, "--roll", "never"), "--roll is “business” or “none”, not “never”."),
        ((*TERM, "--roll", ""), "--roll is “business” or “none”, not “”."),
        ((*TERM, "--zone", "Europe/Berln"), "There is no time zone “Europe/Berln”. Did you mean “Europe/Berlin”?"),
        ((*TERM, "--zone", "../../etc/passwd"), "There is no time zone “../../etc/passwd”."),
        ((*TERM, "--zone", "\0"), "There is no time zone “\ufffd”."),
        ((*TERM, "--zone", ""), "There is no time zone “”."),
        ((*TERM, "--limit", "0"), "--limit is a whole number from 1 to 4,000, not “0”."),
        ((*TERM, "--limit", "-1"), "--limit is a whole number from 1 to 4,000, not “-1”."),
        ((*TERM, "--limit", "4001"), "--limit is a whole number from 1 to 4,000, not “4001”."),
        ((*TERM, "--limit", "9" * 5000), f"--limit is a whole number from 1 to 4,000, not “{'9' * 40}…”."),
        ((*TERM, "--limit", "٣"), "--limit is a whole number from 1 to 4,000, not “٣”."),
        ((*TERM, "--limit", "many"), "--limit is a whole number from 1 to 4,000, not “many”."),
    ],
)
def test_a_wrong_argument_is_answered_with_one_sentence(arguments: tuple[str, ...], sentence: str) -> None:
    assert refused("1 day after start", *arguments) == sentence


def test_a_folder_of_time_zones_is_not_one() -> None:
    assert refused("1 day after start", *TERM, "--zone", "Europe").partition(".")[0] == "There is no time zone “Europe”"


@pytest.mark.parametrize(
    ("rule", "lines"),
    [
        ("", ["The rule is empty. Write for example “10 days after start”.", "  ", "  ^"]),
        (
            "-5 days after start",
            ["A number may not be negative. To count backwards write “before”.", "  -5 days after start", "  ^"],
        ),
        (
            "1000000 days after start",
            ["A number may be at most 100,000.", "  1000000 days after start", "  ^"],
        ),
        (
            "5 days\0after start",
            ["There is a character here that cannot be seen (U+0000).", "  5 days\ufffdafter start", "        ^"],
        ),
        ("100000 years after start", ["A date falls in the year 102026; dates are counted from 1900 to 2200."]),
    ],
)
def test_a_wrong_rule_is_answered_with_a_sentence_and_a_caret(rule: str, lines: list[str]) -> None:
    assert refused(rule, *TERM).split("\n") == lines


def test_a_fault_goes_to_standard_error_with_status_1(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        Command().run_from_argv(["manage.py", "due", "5 days aftr start", *TERM])
    assert left.value.code == 1
    written = capsys.readouterr()
    assert written.out == ""
    assert written.err.split("\n") == [
        "CommandError: “aftr” does not fit here. Expected “after”, “before”. Did you mean “after”?",
        "  5 days aftr start",
        "         ^",
        "",
    ]


def test_it_leaves_well_when_a_rule_waits(capsys: pytest.CaptureFixture[str]) -> None:
    Command().run_from_argv(["manage.py", "due", "1 hour after event:breach"])
    assert capsys.readouterr() == ("", "The rule waits for “event:breach” and has no date until then.\n")


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80), st.text(max_size=40), st.text(max_size=8), st.text(max_size=12), st.text(max_size=5))
def test_whatever_is_written_is_answered_with_one_sentence(rule: str, anchor: str, code: str, zone: str, limit: str) -> None:
    for arguments in (
        {"rule": rule},
        {"rule": "1 day after start", "anchor": [anchor]},
        {"rule": "1 day after start", "anchor": [f"start={anchor}"]},
        {"rule": "1 day after start", "anchor": ["start=2026-09-01"], "calendar": code},
        {"rule": "1 day after start", "anchor": ["start=2026-09-01"], "zone": zone},
        {"rule": "1 day after start", "anchor": ["start=2026-09-01"], "limit": limit},
        {"rule": "1 day after start", "anchor": ["start=2026-09-01"], "holiday": [anchor]},
    ):
        defaults = dict(anchor=[], calendar=None, holiday=[], roll=None, zone=None, limit=None, explain=True)
        command = Command(stdout=StringIO(), stderr=StringIO())
        try:
            command.handle(**{**defaults, **arguments})
        except CommandError as error:
            sentence, *pointer = str(error).split("\n")
            assert sentence.endswith((".", "?"))
            assert len(pointer) in (0, 2)


def test_the_largest_and_the_longest_are_answered_quickly() -> None:
    due("1 day after start", *TERM, "--calendar", "US")
    begin = time.perf_counter()
    refused("100000 business days after start", *TERM)
    refused("100000 business days after start", *TERM, "--calendar", "US")
    refused("every business day from start until end", "--anchor", "start=1900-01-01", "--anchor", "end=2200-12-31")
    refused("1 day after start", "--anchor", "x" * 10_000 + "=2026-09-01")
    refused("1 day after start", *TERM, "--calendar", "x" * 10_000)
    refused("1 day after start", *TERM, "--zone", "x/" * 5_000)
    refused("(" * 10_000, *TERM)
    assert time.perf_counter() - begin < 3
