"""Every sentence of the templates is marked, so that it can be said in the reader's language."""

import re
from html.parser import HTMLParser

import pytest
from django.conf import settings

FOLDER = settings.BASE_DIR / "templates"
MARKED = re.compile(r"{%\s*blocktranslate\b.*?{%\s*endblocktranslate\s*%}", re.DOTALL)
# A class of a page, and the names of formats: they are not translated.
NAMES = re.compile(
    r"{% block page_class %}[\w ]*{% endblock %}|H5P Branching Scenario|>(?:PDF|CSV|Excel)<|\?state=overdue"
)
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


def test_every_word_of_the_templates_is_marked():
    files = sorted(file for kind in ("*.html", "*.txt") for file in FOLDER.rglob(kind))
    assert len(files) > 120
    left = {str(file.relative_to(FOLDER)): unmarked(file.read_text(encoding="utf-8")) for file in files}
    assert {name: words for name, words in left.items() if words} == {}
