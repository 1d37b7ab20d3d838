"""What the database itself refuses, on both databases: tables that only grow, and rules across tables. For migrations."""

# ruff: noqa: S608 - statements of our own, put together from our own names

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
# The audit chain forgets: the one change that its table takes. A key leaves `data` and `salts`, its digest comes into `gone`,
# and everything else stays. That the digest is the right one is for verify() to find: no database writes JSON as we do.
_COLUMNS = ("at", "by", "verb", "subject", "hash")
_KEYS = "SELECT key FROM json_each({})"
FORGETS: dict[str, list[str]] = {
    "sqlite": [
        "CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} WHEN NOT COALESCE("
        + " AND ".join(f'NEW."{name}" IS OLD."{name}"' for name in ("seq", *_COLUMNS))
        + "".join(f" AND json_type(NEW.{name}) = 'object'" for name in ("data", "salts", "gone"))
        + "".join(  # what is still there is what was there
            f" AND NOT EXISTS (SELECT 1 FROM json_each({kept}) one LEFT JOIN json_each({of}) other ON other.key = one.key"
            " WHERE other.key IS NULL OR other.type IS NOT one.type OR other.value IS NOT one.value)"
            for kept, of in (("NEW.data", "OLD.data"), ("NEW.salts", "OLD.salts"), ("OLD.gone", "NEW.gone"))
        )
        + f" AND NOT EXISTS (SELECT 1 FROM json_each(NEW.gone) one WHERE one.key NOT IN ({_KEYS.format('OLD.gone')})"
        f" AND (one.key NOT IN ({_KEYS.format('OLD.data')}) OR one.key IN ({_KEYS.format('NEW.data')})"
        f" OR one.key IN ({_KEYS.format('NEW.salts')})"
        " OR one.type <> 'text' OR length(one.value) <> 64 OR one.value GLOB '*[^0-9a-f]*'))"
        + "".join(
            f" AND NOT EXISTS (SELECT 1 FROM json_each(OLD.{name}) one WHERE one.key NOT IN ({_KEYS.format(f'NEW.{name}')})"
            f" AND one.key NOT IN ({_KEYS.format('NEW.gone')}))"
            for name in ("data", "salts")
        )
        + " AND (SELECT count(*) FROM json_each(NEW.gone)) > (SELECT count(*) FROM json_each(OLD.gone))"
        ", 0) BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END",
        GROWS["sqlite"][0][1],
    ],
    "postgresql": [
        "CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE fresh text[]; BEGIN "
        "IF TG_OP = 'UPDATE' THEN "
        "fresh := ARRAY(SELECT jsonb_object_keys(NEW.gone) EXCEPT SELECT jsonb_object_keys(OLD.gone)); "
        "IF cardinality(fresh) > 0 AND OLD.data ?& fresh AND OLD.data - fresh = NEW.data AND OLD.salts - fresh = NEW.salts "
        "AND NEW.gone - fresh = OLD.gone "
        "AND NOT EXISTS (SELECT 1 FROM jsonb_each(NEW.gone) WHERE jsonb_typeof(value) <> 'string' "
        "OR value #>> ARRAY[]::text[] !~ '^[0-9a-f]{{64}}$') "
        + "".join(f'AND NEW."{name}" IS NOT DISTINCT FROM OLD."{name}" ' for name in ("seq", *_COLUMNS))
        + "THEN RETURN NEW; END IF; END IF; "
        "RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'restrict_violation'; END $$",
        *GROWS["postgresql"][0][1:],
    ],
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


def guard(connection: Any, table: str, *, forgets: bool = False) -> None:
    """From now on the table only grows; with `forgets`, values of the audit chain can be erased from it, and nothing else."""
    _run(connection, FORGETS[connection.vendor] if forgets else GROWS[connection.vendor][0], table=table)


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
