"""What models and their fields are called, in the reader's language."""

from collections.abc import Iterable

from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy


def translate_names(models: Iterable[type[Model]]) -> None:
    """Look up what Django makes of the names in the code, where a model or a field does not say what it is called.

    Done to classes that are ready, so that migrations know nothing of it: no name is a change of the database. The
    words themselves have to stand in the catalogue, so that they are found (``scenarios.words``).
    """
    for model in models:
        options = model._meta
        for named in (options, *options.local_fields, *options.local_many_to_many):
            _translate(named, "verbose_name")
        _translate(options, "verbose_name_plural")


def _translate(named: object, what: str) -> None:
    name = getattr(named, what)
    if name and not isinstance(name, Promise):
        setattr(named, what, gettext_lazy(name))
