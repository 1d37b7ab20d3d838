"""The page on due rules: every command on it prints what it says, and its grammar is the one the parser reads."""

import doctest
import re
import shlex
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from core.calendar import Direction, Period, Unit, describe, parse
from core.calendar.grammar import ANCHORS, STATES, SYNONYMS, WEEKDAYS
from core.calendar.parse import BUSINESS, NUMBERS, UNITS

PAGE = (Path(__file__).parents[2] / "docs" / "due-rules.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def examples() -> list[tuple[str, str]]:
    """Each command of the page with what the page says it prints."""
    found = []
    for block in blocks("console"):
        for piece in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _newline, printed = piece.partition("\n")
            found.append((command, printed))
    return found


def run(command: str) -> str:
    """What a terminal shows: both outputs in the order in which they are written."""
    python, manage, *arguments = shlex.split(command)
    assert (python, manage) == ("python", "manage.py")
    terminal = StringIO()
    try:
        call_command(*arguments, stdout=terminal, stderr=terminal)
    except CommandError as error:
        terminal.write(f"CommandError: {error}\n")
    return terminal.getvalue()


@pytest.mark.parametrize(("command", "printed"), examples())
def test_a_command_of_the_page_prints_what_the_page_says(command: str, printed: str) -> None:
    assert run(command) == printed


def test_the_page_has_an_example_of_every_form() -> None:
    rules = [parse(shlex.split(command)[3]) for command, printed in examples() if "CommandError" not in printed]
    assert {type(rule).__name__ for rule in rules} == {"Offset", "Series", "Periodic", "Gate", "Prohibition"}


def test_each_form_of_the_table_is_a_rule() -> None:
    rows = re.findall(r"^\| [^|]+ \| `([^`<]+)`", PAGE.split("## The forms")[1].split("## The grammar")[0], re.MULTILINE)
    assert [describe(parse(row)) for row in rows] == [row.replace("on end", "0 days after end") for row in rows]


def test_the_python_example_of_the_page_gives_what_it_says() -> None:
    test = doctest.DocTestParser().get_doctest("\n".join(blocks("pycon")), {}, "due-rules.md", None, 0)
    runner = doctest.DocTestRunner()
    runner.run(test)
    assert (runner.failures, runner.tries) == (0, 7)


# The grammar itself, read from the page.


def productions() -> dict[str, str]:
    return dict(re.findall(r"^(\w+)\s*=\s*(.*?) ;$", "\n".join(blocks("ebnf")), re.MULTILINE | re.DOTALL))


def test_the_words_of_the_grammar_are_the_words_of_the_parser() -> None:
    syntax = blocks("ebnf")[0] + productions()["word"]
    keywords = {"on", "each", "end", "from", "until", "every", "gate", "prohibition", "event", ":"}
    known = {*UNITS, *BUSINESS, *NUMBERS, *ANCHORS, *STATES, *SYNONYMS, *WEEKDAYS, *Period, *Direction, *keywords}
    assert set(re.findall(r'"([^"]+)"', syntax)) == known


def sentences(name: str) -> st.SearchStrategy[list[str]]:
    """Token lists that the production `name` writes; an item of the second block is one token."""
    rules = productions()
    whole = set(re.findall(r"^(\w+)\s*=", blocks("ebnf")[1], re.MULTILINE))
    made: dict[str, st.SearchStrategy[list[str]]] = {}

    def named(name: str) -> st.SearchStrategy[list[str]]:
        if name not in made:
            made[name] = st.deferred(lambda: alternatives(re.findall(r'"[^"]*"|\w+|[|,(){}\[\]]', rules[name])))
            if name in whole:
                made[name] = made[name].map(lambda parts: ["".join(parts)])
        return made[name]

    def alternatives(tokens: list[str]) -> st.SearchStrategy[list[str]]:
        choices, sequence = [], []
        while tokens and tokens[0] not in ")]}":
            token = tokens.pop(0)
            if token == "|":
                choices.append(joined(sequence))
                sequence = []
            elif token in "([{":
                inner = alternatives(tokens)
                tokens.pop(0)
                wraps = {
                    "(": lambda inner: inner,
                    "[": lambda inner: st.one_of(st.just([]), inner),
                    "{": lambda inner: st.lists(inner, max_size=3).map(lambda parts: [word for part in parts for word in part]),
                }
                sequence.append(wraps[token](inner))
            elif token != ",":
                sequence.append(st.just([token.strip('"')]) if token.startswith('"') else named(token))
        choices.append(joined(sequence))
        return st.one_of(choices)

    def joined(sequence: list[st.SearchStrategy[list[str]]]) -> st.SearchStrategy[list[str]]:
        return st.tuples(*sequence).map(lambda parts: [word for part in parts for word in part])

    return named(name)


@settings(max_examples=300, deadline=None)
@given(sentences("rule"), st.data())
def test_whatever_the_grammar_writes_is_read(tokens: list[str], data: st.DataObject) -> None:
    gaps = st.sampled_from([" ", "  ", "\t", "\n", "\u00a0", " \r\n "])
    text = "".join(data.draw(st.sampled_from([token, token.upper()])) + data.draw(gaps) for token in tokens)
    rule = parse(text)
    assert parse(describe(rule)) == rule


def test_every_unit_of_the_parser_is_in_the_grammar() -> None:
    assert {parse(f"1 {unit} after start") for unit in Unit} == {parse(f"1 {unit}s after start") for unit in Unit}
