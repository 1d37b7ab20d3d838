"""docs/components.md and the gallery know every component, and no other."""

import inspect
import re
from pathlib import Path

from django.template.loader import get_template, render_to_string
from django.test import RequestFactory

from core import front
from core.templatetags import ui
from tests.core.outline import outline

DOCS = Path(__file__).parents[2] / "docs" / "components.md"
TEMPLATES = Path(ui.__file__).parents[1] / "templates"


def documented() -> dict[str, str]:
    """Each tag in the tables of tags, with the cell that says what it takes."""
    text = DOCS.read_text()
    rows = re.findall(r"^\| ((?:`\w+`[ …]*)+)\|([^|]*)\|", text[text.index("## Signs") :], re.MULTILINE)
    return {name: takes for names, takes in rows for name in re.findall(r"`(\w+)`", names)}


def test_every_component_is_documented_and_no_other():
    assert set(documented()) == set(ui.register.tags)


def test_every_argument_that_can_be_left_out_is_documented():
    missing = []
    for tag, takes in documented().items():
        arguments = inspect.signature(ui.register.tags[tag]).parameters.values()
        left_out = {argument.name for argument in arguments if argument.default is not inspect.Parameter.empty}
        missing += [f"{tag}: {name}" for name in sorted(left_out - set(re.findall(r"\w+", takes)))]
    assert missing == []


def test_a_component_with_an_end_is_marked_in_the_docs():
    text = DOCS.read_text()
    for tag in documented():
        source = inspect.getsource(ui.register.tags[tag])
        assert (f"`{tag}` …" in text) == ("simple_block_tag" in source), tag


def test_the_gallery_shows_every_component():
    source = get_template("core/gallery.html").template.source
    shown = set(re.findall(r"{%-? *(\w+)", re.sub(r"{% verbatim %}.*?{% endverbatim %}", "", source, flags=re.DOTALL)))
    assert set(ui.register.tags) - shown == set()


def test_the_gallery_is_whole_html_with_an_id_only_once():
    page = render_to_string("core/gallery.html", request=RequestFactory().get("/ui/"))
    assert outline(page.replace("<!DOCTYPE html>", ""))
    ids = re.findall(r'\bid="([^"]*)"', page)
    assert [name for name in ids if ids.count(name) > 1] == []


def test_no_page_of_ours_writes_style_or_script_into_itself():
    """The policy refuses both. Mail is not under it, and has one style block of its own."""
    found = [
        f"{path.relative_to(TEMPLATES)}: {wrong}"
        for path in TEMPLATES.rglob("*.html")
        for wrong in re.findall(r"\sstyle=|<style|<script(?![^>]*\ssrc=)|\son\w+=|javascript:", path.read_text())
    ]
    assert found == ["core/mail.html: <style"]


def test_every_icon_named_in_a_template_exists():
    for app in TEMPLATES.parents[1].iterdir():
        for path in (app / "templates").rglob("*.html"):
            for name in re.findall(r'(?:{% icon |{% see | icon=| sign=)"([\w-]+)"', path.read_text()):
                assert ui.icon(name), f"{path}: {name}"


def test_every_icon_of_the_menu_exists():
    for public in (True, False):
        for entry in front.menu(public=public):
            assert not entry.icon or ui.icon(entry.icon), entry


def test_every_template_of_the_house_compiles():
    for folder in TEMPLATES.parents[1].glob("*/templates"):
        for path in folder.rglob("*.*"):
            get_template(path.relative_to(folder).as_posix())
