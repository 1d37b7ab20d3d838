"""An import as somebody makes it in a browser: what is shown is sent back, and nothing is known but what stands on the page."""

from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.reading import soup, words

NEW = "/desk/imports/new/"


def file(name: str, content: str | bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)


def upload(client: Client, place: str, *files: Path | SimpleUploadedFile) -> Any:
    sent = [each if isinstance(each, SimpleUploadedFile) else file(each.name, each.read_bytes()) for each in files]
    return client.post(NEW, {"place": place, "tables": sent})


def filled(answer: Any) -> dict[str, str]:
    """What the first form of a page would send: everything that is chosen or typed already."""
    found = {}
    for field in soup(answer).select_one("main form[method=post]").select("[name]"):
        if field.name == "select":
            chosen = field.select_one("option[selected]") or field.select_one("option")
            found[str(field["name"])] = str(chosen["value"])
        elif field.name == "input" and field.get("type") not in ("file", "checkbox"):
            found[str(field["name"])] = str(field.get("value", ""))
    return found


def control(answer: Any, label: str, within: str = "") -> str:
    """The name of the first control that this label is for, in the group of this name."""
    for each in soup(answer).select("main label"):
        group = each.find_parent("fieldset")
        if within and (group is None or words(group.legend) != within):
            continue
        if words(each).removesuffix(" (needed)") == label:
            return str(each["for"]).removeprefix("id_")
    raise AssertionError(label)


def option(answer: Any, name: str, text: str) -> str:
    """The value of the option that begins with this text."""
    for each in soup(answer).select(f"select[name={name}] option"):
        if words(each).startswith(text):
            return str(each["value"])
    raise AssertionError(text)


def figures(answer: Any) -> dict[str, list[int]]:
    """{kind: added, changed, unchanged, refused}, as the page shows it."""
    rows = soup(answer).select_one("#figures").find_parent("section").select("tbody tr")
    return {words(row.th): [int(words(cell)) for cell in row.find_all("td")] for row in rows}


def address(answer: Any) -> str:
    """The page of the import to which a step led: /desk/imports/REF/."""
    return "/".join(answer["Location"].split("/")[:4]) + "/"
