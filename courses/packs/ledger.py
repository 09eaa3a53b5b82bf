"""Rows written where they differ, and an account of what was written."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db.models import Model

from training.lib.markdown import RenderedField

Row = TypeVar("Row", bound=Model)


@dataclass
class Ledger:
    """What an import did: how many of each kind of thing were added, changed and removed, and what was published."""

    added: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    removed: Counter[str] = field(default_factory=Counter)
    published: list[str] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not (self.added or self.changed or self.removed or self.published)

    def put(self, row: Row | None, model: type[Row], values: Mapping[str, Any]) -> Row:
        """The row, saying what ``values`` say: made where there is none, saved only where it differs."""
        if row is None:
            made = model(**values)
            made.save()
            self.count(row, model)
            return made
        changed = {name: value for name, value in values.items() if getattr(row, name) != value}
        if changed:
            for name, value in changed.items():
                setattr(row, name, value)
            row.save(update_fields=[*changed, *_rendered(model, changed)])
            self.count(row, model)
        return row

    def count(self, row: Model | None, model: type[Model]) -> None:
        """Note that the row was changed, or that there was none and it was added."""
        (self.changed if row else self.added)[str(model._meta.verbose_name)] += 1

    def drop(self, row: Model) -> None:
        self.removed[str(row._meta.verbose_name)] += 1
        row.delete()


def _rendered(model: type[Model], changed: Mapping[str, Any]) -> list[str]:
    fields = model._meta.concrete_fields
    return [field.name for field in fields if isinstance(field, RenderedField) and field.source in changed]
