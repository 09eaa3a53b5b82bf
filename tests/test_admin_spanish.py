"""Admin in Spanish: every sentence of its templates is marked, and every page of people and courses opens in it."""

import re
from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.urls import reverse

from courses.admin.activities import KINDS
from courses.models import Activity
from tests.admin_pages import page
from tests.factories import PersonFactory, a_course

FOLDER = settings.BASE_DIR / "templates" / "admin"
MARKED = re.compile(r"{%\s*blocktranslate\b.*?{%\s*endblocktranslate\s*%}", re.DOTALL)
# A class of a page, and the name of a format: neither is translated.
NAMES = re.compile(r"{% block page_class %}[\w ]*{% endblock %}|H5P Branching Scenario")
COMMENT = re.compile(r"{#.*?#}|<!--.*?-->", re.DOTALL)
TAG = re.compile(r"{%.*?%}", re.DOTALL)
VARIABLE = re.compile(r"{{.*?}}", re.DOTALL)
# A filter's argument that is said: not the name of a format, nor what is sliced or counted.
SAID = re.compile(r"\|(?!date:|time:|add:|slice:|truncate|urlize)(\w+):\"([^\"]*[A-Za-z]{2}[^\"]*)\"")
WORD = re.compile(r"[^\W\d_]{2,}")
READ = {"alt", "aria-label", "placeholder", "title"}


class Words(HTMLParser):
    """The words that a page says: in its text, and in what stands for text."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        said = READ | ({"value"} if ("type", "submit") in attrs else set())
        self.found += [value for name, value in attrs if name in said and value and WORD.search(value)]

    def handle_data(self, data):
        if WORD.search(data):
            self.found.append(data.strip())


def unmarked(text):
    """The words of a template that are in English whoever reads them."""
    text = NAMES.sub("", COMMENT.sub("", MARKED.sub("", text)))
    words = Words()
    words.feed(VARIABLE.sub("", TAG.sub("", text)))
    words.close()
    return words.found + [argument for _, argument in SAID.findall(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('<p>{% translate "Home" %} &rsaquo; {{ title }}</p>{# why #}<!-- progress -->', []),
        ("<p>{% blocktranslate %}One <b>more</b>{% endblocktranslate %} 2 · … ({{ n }})</p>", []),
        ('<p class="quiet">{{ day|date:"DATE_FORMAT" }}</p><input type="hidden" name="rehearsed" value="token">', []),
        ("<p>{% if more %}and {{ more }} more{% endif %}.</p>", ["and  more."]),
        ('<th>{{ unit|default:"No unit" }}</th>', ["No unit"]),
        ('{{ n }}{{ n|pluralize:"is,are" }}', ["is,are"]),
        ('<input type="submit" value="Save"><img alt="A desk">', ["Save", "A desk"]),
    ],
)
def test_words_that_are_not_marked_are_found(text, found):
    assert unmarked(text) == found


def test_every_word_of_the_admin_templates_is_marked():
    files = sorted(FOLDER.rglob("*.html"))
    assert len(files) > 40
    left = {str(file.relative_to(FOLDER)): unmarked(file.read_text(encoding="utf-8")) for file in files}
    assert {name: words for name, words in left.items() if words} == {}


def addresses():
    """Every page of people and courses in admin, with its addresses as the site stands."""
    for model in ("person", "unit"):
        yield from (reverse(f"admin:accounts_{model}_{name}") for name in ("changelist", "add"))
    for model in ("course", "assignment", "absence", "credit", "hourstarget", "waiver"):
        yield from (reverse(f"admin:courses_{model}_{name}") for name in ("changelist", "add"))
    yield from (reverse(f"admin:courses_{model}_changelist") for model in ("trainingrecord", "delivery"))
    yield from (reverse(f"admin:accounts_person_{name}") for name in ("roster", "duplicates"))
    yield from (reverse("admin:index"), reverse("admin:app_list", args=["accounts"]))


def pages_of(course):
    modules = list(course.modules.all())
    yield from (page(course, name) for name in ("change", "publish", "preview"))
    yield from (page(module) for module in modules)
    for activity in Activity.objects.filter(module__course=course):
        yield page(activity)
        yield reverse("admin:courses_course_preview_activity", args=[course.pk, activity.pk])
        if activity.kind == KINDS.KNOWLEDGE_CHECK:
            yield page(activity, "gift")


@pytest.fixture
def spanish(as_, erin):
    erin.language = "es"
    erin.save(update_fields=["language"])
    return as_(erin)


def shown(browser, address):
    response = browser.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


ENGLISH = re.compile(
    r">\s*(Home|People|Courses|Cancel|Name|Unit|Course|Person|Title|Minutes|Save|Add|Delete|Roles)\s*<"
)


def test_every_page_of_people_and_courses_opens_in_spanish(spanish, alice):
    course = a_course()
    twin = PersonFactory(name=alice.name)
    own = [page(alice), page(alice, "anonymise"), page(alice, "merge")]
    own.append(reverse("admin:accounts_person_merge_with", args=[alice.pk, twin.pk]))
    for address in (*addresses(), *pages_of(course), *own):
        text = shown(spanish, address)
        assert '<html lang="es"' in text, address
        assert ENGLISH.findall(text) == [], address
