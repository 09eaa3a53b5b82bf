"""What the two databases do not do alike, and what Django does slowly."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models
from django.db.models import Func, Max


def update_rows(model: type[models.Model], fields: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write to each row its own values of the fields: a row is its primary key, then the values in their order.

    One prepared statement for all of them, a hundred times as fast as ``bulk_update``. No signal is sent.
    """
    columns = [_field(model, name) for name in fields]
    assignments = ", ".join(f"{_quoted(field.column)} = %s" for field in columns)
    sql = f"UPDATE {_quoted(model._meta.db_table)} SET {assignments} WHERE {_quoted(model._meta.pk.column)} = %s"  # noqa: S608
    found = [
        (*(field.get_db_prep_save(value, connection) for field, value in zip(columns, values, strict=True)), pk)
        for pk, *values in rows
    ]
    with connection.cursor() as cursor:
        cursor.executemany(sql, found)


def next_id(model: type[models.Model]) -> int:
    """The first primary key after all there are: for rows that name theirs, because others refer to them."""
    last: int = model._default_manager.aggregate(last=Max("pk"))["last"] or 0
    return last + 1


def insert_rows(model: type[models.Model], fields: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Insert rows of values, in the order of the fields, at ten times the speed of ``bulk_create``.

    Fields that are not named have their default, one for all rows. No signal is sent. Whoever gives primary keys calls
    ``resume_ids`` in the same transaction.
    """
    named = [_field(model, name) for name in fields]
    written = [field for field in model._meta.local_concrete_fields if not (field.primary_key or field.generated)]
    others = [field for field in written if field not in named]
    rest = tuple(field.get_db_prep_save(field.get_default(), connection) for field in others)
    columns = [_quoted(field.column) for field in [*named, *others]]
    into = f"{_quoted(model._meta.db_table)} ({', '.join(columns)})"
    prepared = _prepared(named, rows, rest)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {into} FROM STDIN") as copy:
                for row in prepared:
                    copy.write_row(row)
        else:
            sql = f"INSERT INTO {into} VALUES ({', '.join(['%s'] * len(columns))})"  # noqa: S608
            cursor.executemany(sql, list(prepared))


def _prepared(
    fields: "Sequence[models.Field[Any, Any]]", rows: Sequence[Sequence[Any]], rest: tuple[Any, ...]
) -> Iterator[tuple[Any, ...]]:
    """The rows as the database takes them. An object that stands in many rows, such as a moment, is looked at once."""
    prepare = [(place, _once(field)) for place, field in enumerate(fields) if isinstance(field, PREPARED)]
    for row in rows:
        values = [*row, *rest]
        for place, once in prepare:
            values[place] = once(values[place])
        yield tuple(values)


# The others' values are what the database takes as they are.
PREPARED = (models.DateField, models.JSONField)


def _once(field: "models.Field[Any, Any]") -> Callable[[Any], Any]:
    """By the object itself: while the rows are there, no other has its address."""
    seen: dict[int, Any] = {id(None): None}

    def prepare(value: Any) -> Any:
        if id(value) not in seen:
            seen[id(value)] = field.get_db_prep_save(value, connection)
        return seen[id(value)]

    return prepare


def resume_ids(*tables: type[models.Model]) -> None:
    """Have the database count on from the primary keys that were given."""
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), list(tables)):
            cursor.execute(sql)


def _field(model: type[models.Model], name: str) -> "models.Field[Any, Any]":
    field = model._meta.get_field(name)
    assert isinstance(field, models.Field)
    return field


def _quoted(name: str | None) -> str:
    return str(connection.ops.quote_name(name or ""))


class Unindexed(Func):
    """The column, for which SQLite does not take an index (its planner's unary plus); PostgreSQL does as it likes.

    For a condition that most rows meet: SQLite has no idea how many do, and would begin with it rather than walk the
    rows in their order and stop after a page of them.
    """

    arity = 1
    template = "+%(expressions)s"

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, template="%(expressions)s", **extra)


def take_statistics() -> None:
    """Have the planner know how many rows there are of what: a quarter of a second for a million rows on SQLite.

    PostgreSQL does it by itself before long, but not as soon as very much has been written at once. SQLite's own
    ``analysis_limit`` was tried and left: an index with a few very common values then looks far better than it is.
    """
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


@contextmanager
def one_at_a_time(model: type[models.Model]) -> Iterator[None]:
    """Inside a transaction: whoever else does this for the model waits until it is over.

    On SQLite whoever writes waits anyway, once the transaction has begun.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [model._meta.db_table])
    yield
