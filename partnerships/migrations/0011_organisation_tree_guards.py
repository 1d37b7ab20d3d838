"""What the database refuses of the register, whoever asks: an organisation above itself, a seventh level, and a second entry
that stands for a third."""

# ruff: noqa: S608  every part of these statements stands in this file

from django.db import migrations

from core.triggers import refuse_in_turn

TABLE, DEEPEST = "partnerships_organisation", 6


def above(number: int) -> str:
    """At least so many are above the new row."""
    joins = "".join(f" JOIN {TABLE} p{n} ON p{n}.id = p{n - 1}.parent_id" for n in range(2, number + 1))
    return f"EXISTS (SELECT 1 FROM {TABLE} p1{joins} WHERE p1.id = NEW.parent_id)"


def below(number: int) -> str:
    """It has departments so many levels down."""
    joins = "".join(f" JOIN {TABLE} c{n} ON c{n}.parent_id = c{n - 1}.id" for n in range(2, number + 1))
    return f"EXISTS (SELECT 1 FROM {TABLE} c1{joins} WHERE c1.parent_id = NEW.id)"


# What is stored has no circle and at most six levels, so a walk of five steps sees all that is above the new parent.
LINE = "".join(f" LEFT JOIN {TABLE} p{n} ON p{n}.id = p{n - 1}.parent_id" for n in range(2, DEEPEST))
CIRCLE = f"""
NEW.parent_id = NEW.id OR EXISTS (
  SELECT 1 FROM {TABLE} p1{LINE} WHERE p1.id = NEW.parent_id
  AND NEW.id IN ({", ".join(f"p{n}.parent_id" for n in range(1, DEEPEST))})
)
"""
TOO_DEEP = " OR ".join(f"({above(up)} AND {below(DEEPEST - up)})" if up < DEEPEST else above(up) for up in range(1, DEEPEST + 1))
OF_ANOTHER = f"""
NEW.same_as_id IS NOT NULL AND (
  NEW.same_as_id = NEW.id
  OR EXISTS (SELECT 1 FROM {TABLE} kept WHERE kept.id = NEW.same_as_id AND kept.same_as_id IS NOT NULL)
  OR EXISTS (SELECT 1 FROM {TABLE} other WHERE other.same_as_id = NEW.id)
)
"""


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0010_organisation_tree")]
    operations = [
        refuse_in_turn(TABLE, "organisation_above_itself", CIRCLE, "parent_id"),
        refuse_in_turn(TABLE, "organisation_too_deep", TOO_DEEP, "parent_id"),
        refuse_in_turn(TABLE, "organisation_same_as_a_double", OF_ANOTHER, "same_as_id"),
    ]
