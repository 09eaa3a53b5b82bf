"""An author tries a draft out."""

import pytest
from django.apps import apps
from django.urls import reverse

from scenarios.models import Choice, Scene
from tests.admin_pages import page

pytestmark = pytest.mark.django_db


def preview(browser, scenario, path=""):
    return browser.get(page(scenario, "preview"), {"path": path} if path else {})


def rows():
    return {model._meta.label: model._default_manager.count() for model in apps.get_models(include_auto_created=True)}


def test_preview_plays_the_draft_and_records_nothing(browser, scenario):
    Scene.objects.filter(key="calmer").update(title="She tells it")
    before = rows()
    ended = preview(browser, scenario, "listen,agree").context["preview"]
    middle = preview(browser, scenario, "listen").context["preview"]
    assert (middle.turn.node.title, ended.turn.node.title) == ("She tells it", "Settled")
    assert [way.path for way in middle.ways] == ["listen,agree", "listen,refuse"]
    assert (middle.back, ended.back) == ("?", "?path=listen")
    assert rows() == before


def test_preview_says_that_nothing_is_recorded(browser, scenario):
    for path in ("", "listen", "listen,agree"):
        assert "Preview of the draft: nothing is recorded." in preview(browser, scenario, path).content.decode()


def test_preview_of_a_choice_that_leads_nowhere_says_so_kindly(browser, scenario):
    Choice.objects.filter(key="agree").update(to=None)
    response = preview(browser, scenario, "listen")
    assert "leads nowhere yet" in response.content.decode()
    beyond = preview(browser, scenario, "listen,agree").context["preview"]
    assert (beyond.cut, beyond.turn.node.key) == (True, "calmer")


def test_preview_without_scenes_or_choices_says_so_kindly(browser, scenario):
    Choice.objects.filter(scene__key="calmer").delete()
    assert "would be stuck here" in preview(browser, scenario, "listen").content.decode()
    scenario.scenes.all().delete()
    assert "There is no scene yet" in preview(browser, scenario).content.decode()


@pytest.mark.parametrize("path", ["nonsense", "listen,\0", ",,,", "x" * 5000, "listen," * 400, "<script>"])
def test_preview_goes_as_far_as_a_broken_path_goes(browser, scenario, path):
    response = preview(browser, scenario, path)
    assert response.status_code == 200
    assert "<script>" not in response.content.decode()


def test_preview_shows_what_an_author_needs_to_know(browser, scenario):
    Choice.objects.filter(key="agree").update(has=["receipt"])
    Choice.objects.filter(key="listen").update(sets=["sorry"])
    shown = preview(browser, scenario, "listen").context["preview"]
    assert shown.meters == (("tension", "Tension", 2), ("trust", "Trust", 2))
    assert [label for _, label, is_set in shown.flags if is_set] == ["You have apologised"]
    assert [way.choice.key for way in shown.hidden] == ["agree"]


@pytest.mark.parametrize("role", ["alice", "bob", "dave"])
def test_preview_and_publish_are_for_those_who_write(as_, scenario, role, request):
    browser = as_(request.getfixturevalue(role))
    assert preview(browser, scenario).url.startswith(reverse("admin:login"))
    assert browser.post(page(scenario, "publish")).url.startswith(reverse("admin:login"))


def test_staff_who_may_not_write_are_kept_from_drafts(as_, dave, scenario):
    dave.is_staff = True
    dave.save()
    browser = as_(dave)
    assert [preview(browser, scenario).status_code, browser.post(page(scenario, "publish")).status_code] == [403, 403]


def test_preview_begins_in_any_scene_with_any_meters_and_flags(browser, scenario):
    Choice.objects.filter(key="sorry").update(has=["sorry"], bounds={"trust": {"at_least": 7}})
    asked = "?from=heated&meter-tension=8&meter-trust=7"
    without = browser.get(page(scenario, "preview") + asked).context["preview"]
    assert [way.choice.key for way in without.ways] == ["argue"]
    preview = browser.get(page(scenario, "preview") + asked + "&flag-sorry=1").context["preview"]
    assert (preview.turn.node.key, preview.turn.tension.value) == ("heated", 8)
    assert [way.choice.key for way in preview.ways] == ["sorry", "argue"]
    after = browser.get(page(scenario, "preview") + asked + "&flag-sorry=1&path=sorry").context["preview"]
    assert after.turn.is_over
    assert after.back.endswith("from=heated&meter-tension=8&meter-trust=7&flag-sorry=1")


@pytest.mark.parametrize(
    "asked", ["from=nowhere", "from=%00", "from=heated&meter-tension=" + "9" * 40, "meter-trust=x"]
)
def test_preview_from_garbage_is_a_preview(browser, scenario, asked):
    assert browser.get(page(scenario, "preview") + "?" + asked).status_code == 200
