"""What comes in from a browser at the desk."""

from core.forms.fields import (
    CHOOSE,
    FIRST_DAY,
    LAST_DAY,
    MESSAGES,
    TURNING,
    Choice,
    Day,
    Filters,
    Form,
    Lines,
    OnceForm,
    posted,
    printable,
    printable_lines,
)

__all__ = [
    "CHOOSE",
    "FIRST_DAY",
    "LAST_DAY",
    "MESSAGES",
    "TURNING",
    "Choice",
    "Day",
    "Filters",
    "Form",
    "Lines",
    "OnceForm",
    "posted",
    "printable",
    "printable_lines",
]
