"""What the database does itself when rows come, change or go, so that nothing that writes can forget to.

A trigger is one statement of SQL that both databases take, about {rows}: with SQLite each row in its turn, with
PostgreSQL all rows of a statement at once.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from zlib import crc32

from django.db import connection, models

INSERT, UPDATE, DELETE = "INSERT", "UPDATE", "DELETE"
EVER = (INSERT, UPDATE, DELETE)
# By whether it is PostgreSQL: what names the transaction. SQLite has one at a time.
TRANSACTION = {True: "txid_current()", False: "0"}


@dataclass(frozen=True)
class Watched:
    """Rows of a model: when some come, change in one of the ``columns``, or go, the statement ``does`` is run.

    In it {rows} is a table of them, as they were and as they are, and {transaction} a number. ``after`` names a lock of
    ``one_at_a_time`` to wait for first.
    """

    model: type[models.Model]
    columns: tuple[str, ...]
    does: str
    events: tuple[str, ...] = EVER
    after: str = ""


def put(group: str, all_watched: Iterable[Watched]) -> None:
    """Have these in the group, and no others."""
    take_away(group)
    _execute(sql for statements in _wanted(group, all_watched).values() for sql in statements)


def take_away(group: str) -> None:
    for name, table in _there(group):
        if connection.vendor == "postgresql":
            _execute([f"DROP TRIGGER {name} ON {table}", f"DROP FUNCTION {name}()"])
        else:
            _execute([f"DROP TRIGGER {name}"])


def are_put(group: str, all_watched: Iterable[Watched]) -> bool:
    """Whether those of the group are just these."""
    return {name for name, _ in _there(group)} == set(_wanted(group, all_watched))


def _there(group: str) -> list[tuple[str, str]]:
    """The names of those in the group, each with its table, whatever they do."""
    sql = "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"
    if connection.vendor == "postgresql":
        sql = "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return [(name, table) for name, table in cursor.fetchall() if name.startswith(f"{group}_")]


def _execute(statements: Iterable[str]) -> None:
    with connection.cursor() as cursor:
        for sql in statements:
            cursor.execute(sql)


def _wanted(group: str, all_watched: Iterable[Watched]) -> dict[str, list[str]]:
    """By their names what makes them. A name has a sign of what is done, so that one of before is known as such."""
    found = {}
    for watched in all_watched:
        for event in watched.events:
            sign = f"{crc32(''.join(_trigger('', watched, event)).encode()):08x}"
            name = f"{group}_{watched.model._meta.db_table}_{event.lower()}_{sign}"
            found[name] = list(_trigger(name, watched, event))
    return found


def _trigger(name: str, watched: Watched, event: str) -> Iterator[str]:
    table, is_postgresql = watched.model._meta.db_table, connection.vendor == "postgresql"
    rows = _changed_rows(watched.columns, event) if is_postgresql else _changed_row(watched.columns, event)
    does = watched.does.replace("{rows}", rows).replace("{transaction}", TRANSACTION[is_postgresql])
    if not is_postgresql:
        of = f" OF {', '.join(watched.columns)}" if event == UPDATE else ""
        changed = " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in watched.columns)
        when = f" WHEN {changed}" if event == UPDATE else ""
        yield f"CREATE TRIGGER {name} AFTER {event}{of} ON {table}{when} BEGIN {does}; END"
        return
    lock = f"PERFORM pg_advisory_xact_lock(hashtext('{watched.after}'));" if watched.after else ""
    given = {INSERT: "NEW TABLE AS come", UPDATE: "OLD TABLE AS gone NEW TABLE AS come", DELETE: "OLD TABLE AS gone"}
    yield f"CREATE FUNCTION {name}() RETURNS trigger AS $$ BEGIN {lock} {does}; RETURN NULL; END $$ LANGUAGE plpgsql"
    yield (
        f"CREATE TRIGGER {name} AFTER {event} ON {table} REFERENCING {given[event]}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
    )


def _changed_row(columns: Sequence[str], event: str) -> str:
    """As it was, and as it is."""
    states = {INSERT: ["NEW"], UPDATE: ["OLD", "NEW"], DELETE: ["OLD"]}[event]
    selects = [f"SELECT {', '.join(f'{state}.{column} AS {column}' for column in columns)}" for state in states]
    return f"({' UNION ALL '.join(selects)})"


def _changed_rows(columns: Sequence[str], event: str) -> str:
    if event != UPDATE:
        return {INSERT: "come", DELETE: "gone"}[event]
    old, new = (", ".join(f"{state}.{column}" for column in columns) for state in ("o", "n"))
    changed = f"FROM gone o JOIN come n ON n.id = o.id WHERE ({old}) IS DISTINCT FROM ({new})"
    return f"(SELECT o.* {changed} UNION ALL SELECT n.* {changed})"
