"""What comes in from a browser at the desk."""

from core.forms.columns import ImportColumnsForm
from core.forms.fields import (
    CHOOSE,
    FIRST_DAY,
    LAST_DAY,
    MESSAGES,
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
from core.forms.imports import ImportAddForm, ImportApplyForm, ImportFilesForm, ImportMappingForm
from core.forms.retention import RetentionHoldForm
from core.forms.share import ShareForm
from core.forms.values import ImportValuesForm

__all__ = [
    "CHOOSE",
    "FIRST_DAY",
    "LAST_DAY",
    "MESSAGES",
    "Choice",
    "Day",
    "Filters",
    "Form",
    "ImportAddForm",
    "ImportApplyForm",
    "ImportColumnsForm",
    "ImportFilesForm",
    "ImportMappingForm",
    "ImportValuesForm",
    "Lines",
    "OnceForm",
    "RetentionHoldForm",
    "ShareForm",
    "posted",
    "printable",
    "printable_lines",
]
