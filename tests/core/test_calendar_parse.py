"""Reading a due rule: what each form becomes, its canonical text, and where each refusal points."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.calendar import (
    ANCHORS,
    WEEKDAYS,
    Direction,
    DueError,
    Gate,
    Offset,
    Period,
    Periodic,
    Prohibition,
    Rule,
    RuleError,
    Series,
    Span,
    Unit,
    describe,
    parse,
    parse_span,
)

AFTER, BEFORE = Direction.AFTER, Direction.BEFORE


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("42 days after event:project_approved", Offset(42, Unit.DAY, AFTER, "event:project_approved")),
        ("5 business days before start", Offset(5, Unit.BUSINESS_DAY, BEFORE, "start")),
        ("a working day before end", Offset(1, Unit.BUSINESS_DAY, BEFORE, "end")),
        ("An Hour After Signature", Offset(1, Unit.HOUR, AFTER, "executed")),
        ("twelve months after effective", Offset(12, Unit.MONTH, AFTER, "effective")),
        ("007 weeks after start", Offset(7, Unit.WEEK, AFTER, "start")),
        ("5days after start", Offset(5, Unit.DAY, AFTER, "start")),
        ("100000 days after start", Offset(100_000, Unit.DAY, AFTER, "start")),
        ("on expiry", Offset(0, Unit.DAY, AFTER, "expiry")),
        ("on Event : Reform_Date", Offset(0, Unit.DAY, AFTER, "event:reform_date")),
        ("every week from start until end", Series(1, Unit.WEEK, "start", "end")),
        ("every 2 weeks from start until end", Series(2, Unit.WEEK, "start", "end")),
        ("every business day from start until end", Series(1, Unit.BUSINESS_DAY, "start", "end")),
        ("every three working days from start until end", Series(3, Unit.BUSINESS_DAY, "start", "end")),
        ("every week from start until event:leaving on friday", Series(1, Unit.WEEK, "start", "event:leaving", 4)),
        (
            "15 days after each quarter end until end",
            Periodic(15, Unit.DAY, AFTER, Period.QUARTER, "end"),
        ),
        (
            "5 business days before each year end from effective until expiry",
            Periodic(5, Unit.BUSINESS_DAY, BEFORE, Period.YEAR, "expiry", "effective"),
        ),
        ("gate: executed", Gate("executed")),
        ("GATE:SIGNATURE", Gate("executed")),
        ("\n prohibition\tuntil\u00a0end ", Prohibition("end")),
    ],
)
def test_each_form_becomes_its_own_data(text: str, rule: Rule) -> None:
    assert parse(text) == rule


def test_an_anchor_of_the_caller_is_allowed_when_it_is_named() -> None:
    assert parse("3 days after Go_Live", anchors=["go_live"]) == Offset(3, Unit.DAY, AFTER, "go_live")
    with pytest.raises(RuleError):
        parse("3 days after Go_Live")


def test_a_state_of_the_caller_is_allowed_when_it_is_named() -> None:
    assert parse("gate: in_force", states=["in_force"]) == Gate("in_force")


def test_a_length_of_time_is_read_alone() -> None:
    assert (parse_span("2 weeks"), parse_span("ten business days")) == (Span(2, Unit.WEEK), Span(10, Unit.BUSINESS_DAY))
    with pytest.raises(RuleError) as caught:
        parse_span("2 weeks after start")
    assert caught.value.column == 9
    with pytest.raises(RuleError) as caught:
        parse_span(" ")
    assert caught.value.message == "The length of time is empty. Write for example “2 weeks”."


def test_the_anchors_of_a_rule_are_the_names_written_in_it() -> None:
    texts = [
        "1 day after event:breach",
        "every week from start until end",
        "1 day after each month end until end",
        "1 day after each month end from effective until end",
        "gate: executed",
        "prohibition until expiry",
    ]
    assert [parse(text).anchors() for text in texts] == [
        ("event:breach",),
        ("start", "end"),
        ("end",),
        ("effective", "end"),
        (),
        ("expiry",),
    ]


UNITS = "Expected a unit, one of “hour”, “day”, “business day”, “week”, “month”, “year”."
ANCHOR = "Expected an anchor, one of “executed”, “effective”, “start”, “end”, “expiry” or “event:” and a name."
NUMBER = "a number (digits 0 to 9, or a word from “one” to “twelve”)"
BEGIN = f"Expected {NUMBER} or one of “every”, “on”, “gate:”, “prohibition until”."
STEPS = f"Expected {NUMBER} or one of “day”, “business day”, “week”, “month”, “year”."
LAST = "The rule is complete before “{}”; nothing may follow."
DAYS = "Expected a day of the week, one of " + ", ".join(f"“{day}”" for day in WEEKDAYS) + "."

# The column is counted by hand, from 1.
REFUSED = [
    ("", 1, "The rule is empty. Write for example “10 days after start”.", ""),
    (" \n ", 1, "The rule is empty. Write for example “10 days after start”.", ""),
    ("5 buisness days after start", 3, f"“buisness” does not fit here. {UNITS}", "business"),
    ("1 fortnight after start", 3, f"“fortnight” does not fit here. {UNITS}", "2 weeks"),
    ("2 quarters after start", 3, f"“quarters” does not fit here. {UNITS}", "3 months"),
    ("3 dyas after start", 3, f"“dyas” does not fit here. {UNITS}", "days"),
    ("60-day after start", 3, f"“-” does not fit here. {UNITS}", ""),
    ("5 days after", 13, f"The rule ends too early. {ANCHOR}", ""),
    ("5 days after   ", 13, f"The rule ends too early. {ANCHOR}", ""),
    ("5 days", 7, "The rule ends too early. Expected “after”, “before”.", ""),
    ("5", 2, f"The rule ends too early. {UNITS}", ""),
    ("5 days aftr start", 8, "“aftr” does not fit here. Expected “after”, “before”.", "after"),
    ("5 days from start", 8, "“from” does not fit here. Expected “after”, “before”.", ""),
    ("5 days after strat", 14, f"“strat” does not fit here. {ANCHOR}", "start"),
    ("5 days after efective", 14, f"“efective” does not fit here. {ANCHOR}", "effective"),
    ("5 days after breach", 14, f"“breach” does not fit here. {ANCHOR}", "event:breach"),
    ("5 days after evnt:breach", 14, f"“evnt” does not fit here. {ANCHOR}", "event"),
    ("5 days after the end", 14, f"“the” does not fit here. {ANCHOR}", ""),
    ("5 days after month end", 14, f"“month” does not fit here. {ANCHOR}", "each month end"),
    ("5 days after 2026-09-01", 14, f"“2026” does not fit here. {ANCHOR}", ""),
    ("5 days after end until end", 18, LAST.format("until"), ""),
    ("5 days after start.", 19, LAST.format("."), ""),
    ("5 days after event", 19, "The rule ends too early. Expected “:”.", ""),
    (
        "5 days after event:",
        20,
        "The rule ends too early. Expected the name of an event (letters a to z, digits and “_”).",
        "",
    ),
    (
        "5 days after event:brüche",
        20,
        "“brüche” does not fit here. Expected the name of an event (letters a to z, digits and “_”).",
        "",
    ),
    ("5 days after event:go-live", 22, LAST.format("-"), ""),
    ("-5 days after start", 1, "A number may not be negative. To count backwards write “before”.", ""),
    ("−5 days after start", 1, "A number may not be negative. To count backwards write “before”.", ""),
    ("1.5 days after start", 2, "A number is whole and is written without points and commas.", ""),
    ("1,000 days after start", 2, "A number is whole and is written without points and commas.", ""),
    ("100001 days after start", 1, "A number may be at most 100,000.", ""),
    ("9" * 400 + " days after start", 1, "A number may be at most 100,000.", ""),
    ("٣ days after start", 1, f"“٣” does not fit here. {BEGIN}", ""),
    ("² days after start", 1, f"“²” does not fit here. {BEGIN}", ""),
    ("fifteen days after start", 1, f"“fifteen” does not fit here. {BEGIN}", "15"),
    ("days after start", 1, f"“days” does not fit here. {BEGIN}", ""),
    ("evry week from start until end", 1, f"“evry” does not fit here. {BEGIN}", "every"),
    ("five wee\u212as after start", 6, f"“wee\u212as” does not fit here. {UNITS}", "weeks"),
    ("1 business week after start", 12, "“week” does not fit here. Expected “day”, “days”.", ""),
    ("every 0 weeks from start until end", 7, "The number must be at least 1 here.", ""),
    ("every mnth from start until end", 7, f"“mnth” does not fit here. {STEPS}", "month"),
    ("every quarter from start until end", 7, f"“quarter” does not fit here. {UNITS}", "3 months"),
    (
        "every 2 hours from start until end",
        9,
        "A series counts days, business days, weeks, months or years, not hours.",
        "",
    ),
    ("every week until end", 12, "“until” does not fit here. Expected “from”.", ""),
    ("every week from start", 22, "The rule ends too early. Expected “until”.", ""),
    ("every week from start to end", 23, "“to” does not fit here. Expected “until”.", ""),
    ("every week from start until end on fryday", 36, f"“fryday” does not fit here. {DAYS}", "friday"),
    ("every month from start until end on friday", 34, "Only a series of weeks can name a day of the week.", ""),
    (
        "5 days after each moth end until end",
        19,
        "“moth” does not fit here. Expected a period, one of “month”, “quarter”, “year”.",
        "month",
    ),
    ("5 days after each month until end", 25, "“until” does not fit here. Expected “end”.", ""),
    ("5 days after each month end", 28, "The rule ends too early. Expected “from”, “until”.", ""),
    ("5 days after each month end untill end", 29, "“untill” does not fit here. Expected “from”, “until”.", "until"),
    ("5 days after each month end from start", 39, "The rule ends too early. Expected “until”.", ""),
    ("gate executed", 6, "“executed” does not fit here. Expected “:”.", ""),
    ("gate: exectued", 7, "“exectued” does not fit here. Expected a state, one of “executed”.", "executed"),
    ("gate:", 6, "The rule ends too early. Expected a state, one of “executed”.", ""),
    ("prohibition from end", 13, "“from” does not fit here. Expected “until”.", ""),
    ("on", 3, f"The rule ends too early. {ANCHOR}", ""),
    ("5 days\0after start", 7, "There is a character here that cannot be seen (U+0000).", ""),
    ("5 \u200bdays after start", 3, "There is a character here that cannot be seen (U+200B).", ""),
    ("5 days after \udcff", 14, "There is a character here that cannot be seen (U+DCFF).", ""),
    ("5 days " + "x" * 10_000, 501, "A rule has at most 500 characters; this one has 10,007.", ""),
]


@pytest.mark.parametrize(("text", "column", "sentence", "suggestion"), REFUSED)
def test_a_refusal_says_what_is_wrong_and_where(text: str, column: int, sentence: str, suggestion: str) -> None:
    with pytest.raises(RuleError) as caught:
        parse(text)
    meant = f" Did you mean “{suggestion}”?" if suggestion else ""
    assert (caught.value.column, caught.value.message, caught.value.suggestion) == (column, sentence + meant, suggestion)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("5 days aftr start", ["  5 days aftr start", "         ^"]),
        ("5 days after", ["  5 days after", "              ^"]),
        ("5\tdays\naftr start", ["  5 days aftr start", "         ^"]),
        ("5 days\0 after start", ["  5 days\ufffd after start", "        ^"]),
        # A wide character takes two columns, so the caret stands one further to the right.
        ("5 days after event:日 x", ["  5 days after event:日 x", "                     ^"]),
        ("5 日 after event:x", ["  5 日 after event:x", "    ^"]),
        ("5 days after start 日x 5", ["  5 days after start 日x 5", "                     ^"]),
        ("every week from start until end on 日", ["  every week from start until end on 日", " " * 37 + "^"]),
        ("1" + " " * 100 + "dyas", ["  …" + " " * 60 + "dyas", "  " + " " * 61 + "^"]),
    ],
)
def test_the_caret_stands_below_the_fault(text: str, lines: list[str]) -> None:
    with pytest.raises(RuleError) as caught:
        parse(text)
    assert caught.value.pointer.split("\n") == lines
    assert str(caught.value) == f"{caught.value.message}\n{caught.value.pointer}"


def test_the_caret_counts_wide_characters_twice_and_marks_not_at_all() -> None:
    fault = RuleError("No.", text="日e\u0301x", column=4)
    assert fault.pointer == "  日e\u0301x\n     ^"


def read_or_refused(text: str) -> None:
    try:
        rule = parse(text)
    except RuleError as fault:
        assert 1 <= fault.column <= len(text) + 1
        assert len(fault.pointer.split("\n")) == 2
        assert "\n" not in fault.message
    else:
        assert parse(describe(rule)) == rule


@settings(deadline=None)
@given(st.text(max_size=600))
def test_any_text_is_a_rule_or_one_sentence_with_a_place(text: str) -> None:
    read_or_refused(text)


WORDS = ["5", "a", "every", "on", "each", "days", "business", "month", "end", "after", "from", "until", "event", ":", "gate"]


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join))
def test_any_order_of_the_words_is_a_rule_or_one_sentence_with_a_place(text: str) -> None:
    read_or_refused(text)


def test_a_text_of_ten_thousand_characters_is_refused_at_once() -> None:
    begin = time.perf_counter()
    for text in ("x" * 10_000, "9" * 10_000, "every " * 2_000, "\0" * 10_000, "(" * 10_000):
        with pytest.raises(RuleError):
            parse(text)
    assert time.perf_counter() - begin < 1


numbers = st.integers(0, 100_000)
names = st.sampled_from(ANCHORS) | st.from_regex(r"event:[a-z_][a-z0-9_]{0,20}", fullmatch=True)
series_units = st.sampled_from([unit for unit in Unit if unit is not Unit.HOUR])
rules: st.SearchStrategy[Rule] = st.one_of(
    st.builds(Offset, numbers, st.sampled_from(Unit), st.sampled_from(Direction), names),
    st.builds(Series, st.integers(1, 100_000), series_units, names, names),
    st.builds(Series, st.integers(1, 100_000), st.just(Unit.WEEK), names, names, st.integers(0, 6)),
    st.builds(
        Periodic, numbers, st.sampled_from(Unit), st.sampled_from(Direction), st.sampled_from(Period), names, st.none() | names
    ),
    st.builds(Gate, st.just("executed")),
    st.builds(Prohibition, names),
)


@settings(max_examples=400, deadline=None)
@given(rules)
def test_the_canonical_text_reads_back_as_the_same_rule(rule: Rule) -> None:
    text = describe(rule)
    assert parse(text) == parse(text.upper()) == rule
    assert describe(parse(text)) == text


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (Offset(1, Unit.BUSINESS_DAY, BEFORE, "end"), "1 business day before end"),
        (Offset(0, Unit.DAY, AFTER, "end"), "0 days after end"),
        (Series(1, Unit.MONTH, "start", "end"), "every month from start until end"),
        (Series(2, Unit.WEEK, "start", "end", 4), "every 2 weeks from start until end on friday"),
        (Periodic(5, Unit.DAY, AFTER, Period.MONTH, "end"), "5 days after each month end until end"),
        (Periodic(1, Unit.DAY, AFTER, Period.YEAR, "end", "start"), "1 day after each year end from start until end"),
    ],
)
def test_the_canonical_text_is_plain(rule: Rule, text: str) -> None:
    assert describe(rule) == text


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: Offset(-1, Unit.DAY, AFTER, "end"), "The number of a rule lies between 0 and 100,000."),
        (lambda: Series(0, Unit.DAY, "start", "end"), "The number of a rule lies between 1 and 100,000."),
        (lambda: Span(100_001, Unit.DAY), "The number of a rule lies between 0 and 100,000."),
        (
            lambda: Series(1, Unit.HOUR, "start", "end"),
            "A series counts days, business days, weeks, months or years, not hours.",
        ),
        (lambda: Series(1, Unit.DAY, "start", "end", 4), "Only a series of weeks can name a day of the week."),
        (lambda: Series(1, Unit.WEEK, "start", "end", 7), "A day of the week is a number from 0, Monday, to 6, Sunday."),
    ],
)
def test_a_rule_that_the_grammar_cannot_write_cannot_be_made(make: object, sentence: str) -> None:
    assert callable(make)
    with pytest.raises(DueError) as caught:
        make()
    assert caught.value.message == sentence
