"""What a browser without JavaScript sees and sends on the pages of admin."""

import re

from django.urls import reverse

from scenarios.models import Scene


def page(thing, name="change"):
    label = f"{thing._meta.app_label}_{thing._meta.model_name}"
    return reverse(f"admin:{label}_{name}", args=[thing.pk])


def filled_in(response):
    """What a browser would send back for a page that nobody touched."""
    forms = [response.context["adminform"].form]
    forms += [form for inline in response.context["inline_admin_formsets"] for form in inline.formset.forms]
    forms += [inline.formset.management_form for inline in response.context["inline_admin_formsets"]]
    data = {}
    for form in forms:
        for bound in form:
            value = bound.value()
            if value is None or value is False or bound.field.disabled:
                continue
            data[bound.html_name] = "on" if value is True else value
    return data


def none_of(*prefixes):
    """What a browser sends for tables without a row."""
    return {f"{prefix}-{total}": 0 for prefix in prefixes for total in ("TOTAL_FORMS", "INITIAL_FORMS")}


def found_in(response):
    """Everything that a form or a formset of the page complains about."""
    formsets = [inline.formset for inline in response.context["inline_admin_formsets"]]
    errors = [str(error) for form in [response.context["adminform"].form] for error in form.errors.values()]
    for formset in formsets:
        errors += [str(error) for form in formset.forms for error in form.errors.values()]
        errors += list(formset.non_form_errors())
    return re.sub("<[^>]+>", "", " ".join(errors))


def said(response):
    return [str(message) for message in response.context["messages"]]


GARBAGE = ("x" * 60_000, "\0", ">" * 2000, "[" * 500, "9" * 26, "-1", "٣", "<script>", "{}", "💥" * 5_000)


def garbled(data, *more):
    """The data with every field in turn as garbage, of each kind in turn; and each kind in all fields at once.

    Not the longest: more than DATA_UPLOAD_MAX_MEMORY_SIZE is refused before any form sees it.

    How many rows a formset has is left alone: Django bounds it, and two thousand forms take their time.
    """
    fields = [field for field in (*data, *more) if not field.endswith("_FORMS")]
    for number, field in enumerate(fields):
        yield field, data | {field: GARBAGE[number % len(GARBAGE)]}
    for garbage in GARBAGE[1:]:
        yield "all at once", data | dict.fromkeys(fields, garbage)
    yield "no rows", {field: value for field, value in data.items() if not field.endswith("_FORMS")}


def scene_of(scenario, key):
    return Scene.objects.get(scenario=scenario, key=key)
