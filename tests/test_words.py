"""The names of models and fields, as admin shows them, stand in the catalogue and are looked up for each reader."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.utils.functional import Promise
from django.utils.translation import override

import accounts.words
import courses.words
from scenarios.exchange.foreign import APPROXIMATED, DROPPED, KEPT
from scenarios.exchange.hypertext import MEDIA

APPS = [("accounts", accounts.words), ("courses", courses.words)]


@pytest.fixture(autouse=True)
def in_english():
    """Whatever language the test before this one was answered in."""
    with override("en"):
        yield


def names_of(model):
    return {model._meta.verbose_name, model._meta.verbose_name_plural}


def shown_fields(model):
    """The fields that admin shows of a model; none where it has no page."""
    page = admin.site._registry.get(model)
    named = {*page.list_display, *page.readonly_fields} if page else ()
    fields = (*model._meta.local_fields, *model._meta.local_many_to_many) if page else ()
    return [field for field in fields if not field.primary_key and (field.editable or field.name in named)]


@pytest.mark.parametrize(("app", "words"), APPS)
def test_every_model_is_called_something_that_can_be_translated(app, words):
    names = set().union(*map(names_of, apps.get_app_config(app).get_models()))
    assert all(isinstance(name, Promise) for name in names)
    assert {str(name) for name in names} == set(words.MODELS)


@pytest.mark.parametrize(("app", "words"), APPS)
def test_every_field_that_is_shown_is_called_something_that_can_be_translated(app, words):
    fields = [field for model in apps.get_app_config(app).get_models() for field in shown_fields(model)]
    assert all(isinstance(field.verbose_name, Promise) for field in fields)
    made = {str(field.verbose_name) for field in fields if field._verbose_name is None}
    assert made - set(words.FIELDS) == set()


@pytest.mark.parametrize("app", ["accounts", "courses"])
def test_choices_and_helps_wait_for_the_reader(app):
    fields = [field for model in apps.get_app_config(app).get_models() for field in shown_fields(model)]
    said = [label for field in fields for _, label in field.choices or ()]
    said += [field.help_text for field in fields if field.help_text]
    assert said
    assert [text for text in said if not isinstance(text, Promise)] == []


def test_what_becomes_of_a_question_can_be_translated():
    assert set(courses.words.OUTCOMES) == {KEPT, APPROXIMATED, DROPPED}
    assert set(courses.words.MEDIA) == set(MEDIA.values())
