"""A model base for rows that are inserted once and never changed, and a trigger that holds the database to it."""

from typing import Any, NoReturn

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class ImmutableError(Exception):
    """Something tried to change or delete a row that never changes."""


class ImmutableQuerySet(models.QuerySet[Any]):
    """Reads and inserts as any QuerySet does; refuses the rest."""

    def _refuse(self, *args: object, **kwargs: object) -> NoReturn:
        raise ImmutableError(f"{self.model._meta.verbose_name_plural} never change")

    update = bulk_update = delete = update_or_create = _refuse


class Immutable(models.Model):
    """Saved once. A second ``save`` and any ``delete`` raise ImmutableError."""

    objects = ImmutableQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise ImmutableError(f"{self._meta.verbose_name} never changes")
        super().save(*args, **kwargs)

    def delete(self, *args: object, **kwargs: object) -> NoReturn:
        raise ImmutableError(f"{self._meta.verbose_name} is never deleted")


class RefuseUpdates(Operation):
    """A migration step: the database itself refuses to update a row of the model's table.

    SQLite loses triggers when a later migration rebuilds the table; then this step has to be repeated, and a test of
    each immutable model says so.
    """

    reversible = True

    def __init__(self, model_name: str) -> None:
        self.model_name = model_name

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Triggers are no part of the models' state."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        table = to_state.apps.get_model(app_label, self.model_name)._meta.db_table
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_frozen" + self._on(schema_editor, table))
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(
                f"CREATE OR REPLACE FUNCTION {table}_frozen() RETURNS trigger AS $$"
                f" BEGIN RAISE EXCEPTION '{table} never changes'; END $$ LANGUAGE plpgsql"
            )
            schema_editor.execute(
                f"CREATE TRIGGER {table}_frozen BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_frozen()"
            )
        else:
            schema_editor.execute(
                f"CREATE TRIGGER {table}_frozen BEFORE UPDATE ON {table}"
                f" BEGIN SELECT RAISE(ABORT, '{table} never changes'); END"
            )

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        table = from_state.apps.get_model(app_label, self.model_name)._meta.db_table
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_frozen" + self._on(schema_editor, table))

    def _on(self, schema_editor: BaseDatabaseSchemaEditor, table: str) -> str:
        return f" ON {table}" if schema_editor.connection.vendor == "postgresql" else ""

    def describe(self) -> str:
        return f"Refuse updates of {self.model_name}"
