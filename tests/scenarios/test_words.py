"""The names of models and fields stand in the catalogue, and are looked up where they are shown."""

from django.apps import apps
from django.db.models import Field, JSONField
from django.utils.functional import Promise

from scenarios.models import Meter, Scenario
from scenarios.words import FIELDS, MODELS
from training.lib.ordered_json import OrderedJSONField


def is_named_by_django(field: "Field[object, object]") -> bool:
    return field.editable and not field.primary_key and field._verbose_name is None  # type: ignore[attr-defined]


def test_every_model_is_called_something_that_can_be_translated() -> None:
    options = [model._meta for model in apps.get_app_config("scenarios").get_models()]
    names = {str(name) for found in options for name in (found.verbose_name, found.verbose_name_plural)}
    assert names == set(MODELS)


def test_every_field_that_is_written_in_is_called_something_that_can_be_translated() -> None:
    config = apps.get_app_config("scenarios")
    fields = [field for name in config.authored_models for field in config.get_model(name)._meta.get_fields()]
    shown = [
        field for field in fields if isinstance(field, Field) and not isinstance(field, (JSONField, OrderedJSONField))
    ]
    assert {str(field.verbose_name) for field in shown if is_named_by_django(field)} <= set(FIELDS)


def test_names_wait_for_the_reader() -> None:
    assert isinstance(Scenario._meta.verbose_name, Promise)
    assert isinstance(Meter._meta.get_field("minimum").verbose_name, Promise)
    assert isinstance(Meter._meta.verbose_name_plural, Promise)
    assert [str(Meter._meta.verbose_name), str(Meter._meta.verbose_name_plural)] == ["meter", "meters"]
