"""What the database itself refuses, on both databases: tables that only grow, and rules across tables. For migrations."""

from collections.abc import Callable
from typing import Any

from django.db import migrations

GROWS: dict[str, tuple[list[str], list[str]]] = {
    "sqlite": (
        [
            "CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END",
            "CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END",
        ],
        ["DROP TRIGGER {table}_no_update", "DROP TRIGGER {table}_no_delete"],
    ),
    "postgresql": (
        [
            "CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'restrict_violation'; END $$",
            "CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_refuse()",
            "CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()",
        ],
        [
            "DROP TRIGGER {table}_no_truncate ON {table}",
            "DROP TRIGGER {table}_no_change ON {table}",
            "DROP FUNCTION {table}_refuse()",
        ],
    ),
}
# SQLite alone: INSERT OR REPLACE takes the old row away without asking the trigger that refuses a delete.
ONCE = (
    "CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} old WHERE {same}) "
    "BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END",
    "DROP TRIGGER {table}_no_replace",
)
RULE: dict[str, tuple[list[str], list[str]]] = {
    "sqlite": (
        [
            "CREATE TRIGGER {name}_insert BEFORE INSERT ON {table} WHEN {when} BEGIN SELECT RAISE(ABORT, '{name}'); END",
            "CREATE TRIGGER {name}_update BEFORE UPDATE ON {table} WHEN {when} BEGIN SELECT RAISE(ABORT, '{name}'); END",
        ],
        ["DROP TRIGGER {name}_insert", "DROP TRIGGER {name}_update"],
    ),
    "postgresql": (
        [
            "CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN IF {when} THEN RAISE EXCEPTION '{name}' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER {name} BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
        ],
        ["DROP TRIGGER {name} ON {table}", "DROP FUNCTION {name}()"],
    ),
}
# A rule that looks at other rows of the same table: two at once would each see nothing wrong and make it together.
TURN: dict[str, tuple[list[str], list[str]]] = {
    "sqlite": (
        [
            RULE["sqlite"][0][0],
            "CREATE TRIGGER {name}_update BEFORE UPDATE OF {columns} ON {table} WHEN {when} "
            "BEGIN SELECT RAISE(ABORT, '{name}'); END",
        ],
        RULE["sqlite"][1],
    ),
    "postgresql": (
        [
            "CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "IF num_nonnulls({new}) = 0 OR (TG_OP = 'UPDATE' AND ({new}) IS NOT DISTINCT FROM ({old})) THEN RETURN NEW; END IF; "
            "PERFORM pg_advisory_xact_lock(hashtext('{table}')); "
            "IF {when} THEN RAISE EXCEPTION '{name}' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            RULE["postgresql"][0][1],
        ],
        RULE["postgresql"][1],
    ),
}


def _run(connection: Any, statements: list[str], **names: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement.format(**names))


def guard(connection: Any, table: str) -> None:
    """From now on the table only grows."""
    _run(connection, GROWS[connection.vendor][0], table=table)


def lift(connection: Any, table: str) -> None:
    """The reverse of guard(): for migrations that go back, and for tests that play the intruder."""
    _run(connection, GROWS[connection.vendor][1], table=table)


def append_only(table: str) -> migrations.RunPython:
    """The operation. On SQLite a later AlterField rebuilds the table and loses its triggers: repeat this after it."""
    return migrations.RunPython(
        lambda apps, editor: guard(editor.connection, table), lambda apps, editor: lift(editor.connection, table)
    )


def never_replaced(table: str, *keys: tuple[str, ...]) -> migrations.RunPython:
    """The operation that completes append_only() on SQLite: no row takes the place of one that has the same key.

    keys: the columns of the primary key and of each unique constraint. PostgreSQL knows no such statement; nothing is done.
    """
    same = " OR ".join(f"({' AND '.join(f'old.{column} = NEW.{column}' for column in key)})" for key in keys)

    def run(statement: str) -> Callable[[Any, Any], None]:
        return lambda apps, editor: (
            _run(editor.connection, [statement], table=table, same=same) if editor.connection.vendor == "sqlite" else None
        )

    return migrations.RunPython(run(ONCE[0]), run(ONCE[1]))


def refuse(table: str, name: str, when: str) -> migrations.RunPython:
    """Refuse rows of `table` for which `when` holds: SQL over NEW that both databases read. The error carries `name`.

    On SQLite a later AlterField rebuilds the table and loses its triggers: repeat this after it.
    """
    return migrations.RunPython(
        lambda apps, editor: _run(editor.connection, RULE[editor.connection.vendor][0], table=table, name=name, when=when),
        lambda apps, editor: _run(editor.connection, RULE[editor.connection.vendor][1], table=table, name=name),
    )


def refuse_in_turn(table: str, name: str, when: str, *columns: str) -> migrations.RunPython:
    """Like refuse(), for a rule over keys to rows of the same table: asked when one of these columns is filled anew.

    On PostgreSQL who fills one waits for whoever does so at the same time: see action.in_turn().
    """
    names = {"table": table, "name": name, "when": when, "columns": ", ".join(columns)}
    names |= {row: ", ".join(f"{row.upper()}.{column}" for column in columns) for row in ("new", "old")}
    return migrations.RunPython(
        lambda apps, editor: _run(editor.connection, TURN[editor.connection.vendor][0], **names),
        lambda apps, editor: _run(editor.connection, TURN[editor.connection.vendor][1], table=table, name=name),
    )
