"""What components draw, as lines to compare, and text that would be code."""

from html.parser import HTMLParser

from django.template import Context, Template

EMPTY = {"input", "br", "img", "meta", "link", "hr", "path", "rect", "circle", "line", "polyline", "polygon", "ellipse"}
QUIET = {"class", "id", "viewbox", "fill", "stroke", "width", "height", "focusable", "preserveaspectratio"}

# Every argument that takes text, with text that would be code.
HOSTILE = "</p></title><script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


class Outline(HTMLParser):
    """HTML as indented lines, one an element or a piece of text: `tag#id.class[attribute=value]`. Drawings are one line."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.depth = 0
        self.drawing = False
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self.tags.add(tag)
        self.attributes |= set(values)
        if tag == "svg":
            assert values["aria-hidden"] == "true"
            self.drawing = True
        elif self.drawing:
            return
        line = tag + (f"#{values['id']}" if "id" in values else "")
        line += "".join(f".{name}" for name in (values.get("class") or "").split())
        kept = {name: value for name, value in values.items() if name not in QUIET | {"aria-hidden"} and tag != "svg"}
        line += "".join(f"[{name}]" if value is None else f"[{name}={value}]" for name, value in kept.items())
        self.lines.append("  " * self.depth + line)
        if tag not in EMPTY:
            self.open.append(tag)
            self.depth += 1

    def handle_startendtag(self, tag, attrs):
        assert tag in EMPTY
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag):
        if self.drawing and tag != "svg":
            return
        self.drawing = False
        assert self.open.pop() == tag
        self.depth -= 1

    def handle_data(self, data):
        text = " ".join(data.split())
        if text and not self.drawing:
            self.lines.append("  " * self.depth + f'"{text}"')


def outline(html: str) -> str:
    reader = Outline()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    return "\n".join(reader.lines)


def drawn(source: str, **context: object) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


def shape(source: str, **context: object) -> str:
    return outline(drawn(source, **context))
