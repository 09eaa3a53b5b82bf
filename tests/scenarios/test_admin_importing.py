"""Files into the site: a rehearsal first, then the real thing; and whatever a file is, an answer and no trace."""

import io
import json
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from scenarios.drafting import document_of
from scenarios.models import Scenario
from tests.admin_pages import said
from tests.factories import a_document

pytestmark = pytest.mark.django_db

TWEE = """\
:: StoryTitle
The gate

:: Start
Somebody waits.

[[Greet->Inside]]
[[Look away->Gone]]

:: Inside
They come in.

:: Gone
They left.
"""


@pytest.fixture(autouse=True)
def _memory(settings):
    settings.CACHES = {name: {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"} for name in settings.CACHES}


def upload(browser, content, name):
    content = content.encode() if isinstance(content, str) else content
    return browser.post(reverse("admin:scenarios_scenario_import"), {"file": SimpleUploadedFile(name, content)})


def confirm(browser, response, stories=("0",)):
    posted = {"rehearsed": response.context["token"], "story": list(stories)}
    return browser.post(reverse("admin:scenarios_scenario_import"), posted, follow=True)


def zipped(files, compression=zipfile.ZIP_DEFLATED):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return held.getvalue()


def test_rehearsal_makes_nothing_and_says_what_would_be(browser):
    response = upload(browser, TWEE, "gate.twee")
    [found] = response.context["rehearsed"]
    assert (found.story.document["title"], found.scenes + found.endings) == ("The gate", 3)
    assert Scenario.objects.count() == 0


def test_what_was_rehearsed_is_made_once(browser):
    response = upload(browser, TWEE, "gate.twee")
    assert said(confirm(browser, response)) == ["Imported as a draft. Nobody sees it yet."]
    assert Scenario.objects.get().current is None
    assert "Nothing was imported" in said(confirm(browser, response))[0]
    assert Scenario.objects.count() == 1


def test_story_that_is_not_chosen_is_not_made(browser):
    response = upload(browser, TWEE, "gate.twee")
    assert said(confirm(browser, response, ())) == ["Nothing was imported: no story was chosen."]
    assert said(confirm(browser, response, ("7", "x"))) == ["Nothing was imported: no story was chosen."]
    assert Scenario.objects.count() == 0


def test_nobody_confirms_what_another_rehearsed(browser, as_, erin):
    response = upload(browser, TWEE, "gate.twee")
    assert "Nothing was imported" in said(confirm(as_(erin), response))[0]


@pytest.mark.parametrize("token", ["", "\0", "x" * 5000, "../../etc", "a b", "💥"])
def test_token_that_is_none_imports_nothing(browser, token):
    posted = {"rehearsed": token, "story": "0"}
    response = browser.post(reverse("admin:scenarios_scenario_import"), posted, follow=True)
    assert "Nothing was imported" in said(response)[0]


def test_our_own_file_comes_in_as_it_went_out(browser, scenario):
    address = reverse("admin:scenarios_scenario_file", args=[scenario.pk])
    content = browser.get(address).content
    confirm(browser, upload(browser, content, "desk.yaml"))
    copy = Scenario.objects.exclude(pk=scenario.pk).get()
    assert document_of(copy) | {"slug": scenario.slug} == document_of(scenario)


SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(1)>"
BOMB = zipped({"h5p.json": "{}", "content/content.json": b"0" * 60_000_000})
DEEP = '{"a":' * 50_000
ALIASES = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "\n".join(
    f"{name}: &{name} [{', '.join(['*' + before] * 9)}]" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
ENTITIES = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    '<tw-storydata name="&b;"><tw-passagedata pid="1" name="S">&b;</tw-passagedata></tw-storydata>'
)
HOSTILE = {
    "nothing.yaml": b"",
    "zeros.twee": b"\0" * 5000,
    "noise.html": bytes(range(256)) * 40,
    "bomb.h5p": BOMB,
    "half.h5p": BOMB[:3000],
    "bomb-in-a-bundle.zip": zipped({"story.html": b" " * 60_000_000}),
    "climbs.zip": zipped({"../../../tmp/evil.twee": TWEE, "/etc/evil.html": "<tw-storydata>"}),
    "no-content.h5p": zipped({"h5p.json": "{}"}),
    "deep.json": DEEP,
    "deep.h5p": zipped({"h5p.json": "{}", "content/content.json": DEEP}),
    "aliases.yaml": ALIASES,
    "object.yaml": "!!python/object/apply:os.system ['echo']",
    "merge.yaml": "<<: [1, 2]\nformat: scenario/1",
    "entities.html": ENTITIES,
    "brackets.twee": ":: Start\n" + "[[" * 40_000,
    "macros.twee": ":: Start\n" + "<<if $a>>" * 20_000,
    "header.twee": ":: [tag {\nText",
    "dates.yaml": "format: 2020-01-01\nslug: 1e9999\ntitle: .nan",
    "x" * 180 + ".twee": "::",
    "🦄.yaml": "🦄",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_file_of_any_kind_is_answered_and_leaves_no_trace(browser, name, tmp_path):
    response = upload(browser, HOSTILE[name], name)
    assert response.status_code == 200
    assert Scenario.objects.count() == 0
    if "rehearsed" in response.context:  # what can be read is a draft, and the site can show it
        confirm(browser, response)
        for made in Scenario.objects.all():
            assert browser.get(reverse("admin:scenarios_scenario_change", args=[made.pk])).status_code == 200
    else:
        faults = response.context.get("faults") or response.context["form"].errors.get("file")
        assert faults, "somebody has to be told why"


def with_script_everywhere(value):
    if isinstance(value, dict):
        return {key: with_script_everywhere(item) for key, item in value.items()}
    return f"{value} {SCRIPT}"[:100] if isinstance(value, str) else value


def test_script_in_every_field_of_our_file_is_text_on_every_page(browser):
    document = a_document()
    words = ("title", "summary", "introduction", "description", "speaker", "speech", "text", "consequence", "coaching")
    hostile = json.loads(
        json.dumps(document),
        object_hook=lambda found: {
            key: with_script_everywhere(value) if key in words else value for key, value in found.items()
        },
    )
    response = upload(browser, json.dumps(hostile), "hostile.json")
    assert b"<script>alert" not in response.content
    confirm(browser, response)
    made = Scenario.objects.get()
    for page in ("change", "text", "script", "preview"):
        content = browser.get(reverse(f"admin:scenarios_scenario_{page}", args=[made.pk])).content
        assert (b"<script>alert" in content, b"<img src=x" in content) == (False, False)


def test_script_in_a_story_is_text_on_every_page(browser):
    story = TWEE.replace("Somebody waits.", SCRIPT).replace("The gate", SCRIPT).replace("Inside", f"In {SCRIPT[:25]}")
    response = upload(browser, story, "hostile.twee")
    assert b"<script>alert" not in response.content
    confirm(browser, response)
    for made in Scenario.objects.all():
        for page in ("change", "text", "script", "preview"):
            content = browser.get(reverse(f"admin:scenarios_scenario_{page}", args=[made.pk])).content
            assert (b"<script>alert" in content, b"<img src=x" in content) == (False, False)


def test_learners_import_nothing(as_, alice):
    assert upload(as_(alice), TWEE, "gate.twee").status_code == 302
    assert Scenario.objects.count() == 0
