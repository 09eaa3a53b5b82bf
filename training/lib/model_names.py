"""What models and their fields are called, in the reader's language."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Field, Model
from django.db.models.options import Options
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy


def translate_names(models: Iterable[type[Model]]) -> None:
    """Look up what Django makes of the names in the code, where a model or a field does not say what it is called.

    Done to classes that are ready, so that migrations know nothing of it: no name is a change of the database. The
    words themselves have to stand in the catalogue, so that they are found (``scenarios.words``).
    """
    for model in models:
        options = model._meta
        if "verbose_name_plural" not in options.original_attrs:
            options.verbose_name_plural = gettext_lazy(str(options.verbose_name_plural))
        _translate(options)
        for field in (*options.local_fields, *options.local_many_to_many):
            _translate(field)


def _translate(named: "Options[Any] | Field[Any, Any]") -> None:
    if not isinstance(named.verbose_name, Promise):
        named.verbose_name = gettext_lazy(str(named.verbose_name))
