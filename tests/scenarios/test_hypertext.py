"""HTML of other programs: what it says is said in Markdown, and nothing else is."""

import re
from html import escape, unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios.exchange.hypertext import media, to_plain
from scenarios.exchange.markdown_text import escaped, to_markdown
from training.lib.markdown import to_html

MARKS = st.text(st.sampled_from("ab1 .-+#>*_`[]()!&;<=|:~\\\n'\"^"), max_size=30)
TAG_NAMES = (
    "<p> </p> <b> </b> <i> </em> <ul> <ol> </ul> <li> <br> <blockquote> <h2> </h2> <pre> <td> <a </a>"
    " <a/href='//x.org'> <a/href=https://x.org> <!-- --> <script> </script> <img/src=x> word * # [ ] ( &lt; 1. - ! \\ _"
)
TAGS = st.lists(st.sampled_from([*TAG_NAMES.split(), " ", "\n"]) | st.text(max_size=5), max_size=25)


def words_of(html):
    return " ".join(unescape(re.sub(r"<[^>]*>", "", re.sub(r"<br>|</p>", " ", html))).split())


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("One<br>Two<br><br>Three", "One  \nTwo\n\nThree"),
        ("a <strong> bold </strong>word and <em>it</em>", "a **bold** word and *it*"),
        ("<h1>Top</h1><h5>Low</h5>", "## Top\n\n#### Low"),
        ("<blockquote><p>a<br>b</p></blockquote>", "> a  \n> b"),
        ("<ol><li>a</li><li>b<ul><li>c</li></ul></li></ol>", "1. a\n2. b\n    - c"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a — b"),
        ("<a href='https://x.org/a'>here [1]</a>", "[here \\[1\\]](https://x.org/a)"),
        ("Look!<a href=https://x.org>here</a>", "Look\\![here](https://x.org)"),
        ("<a href='java&#115;cript:x'>here</a>", "here"),
        ("<p>a<!-- b --><style>c</style>d", "ad"),
        ("if a<b and <iostream> or <b", "if a&lt;b and &lt;iostream> or &lt;b"),
        ("<pre>a\n b</pre>", "a  \nb"),
        ("&amp;lt; &eacute;", "&amp;lt; é"),
    ],
)
def test_html_as_markdown(html, markdown):
    assert to_markdown(html) == markdown


def test_html_on_one_line():
    assert to_plain("<p>a <b>b</b></p><p>c&amp;d</p> {fines.block-at}") == "a b c&d { fines.block-at }"


def test_media_are_counted():
    assert media("<p><img src=a><video></video></p>") == ["an image", "a film"]


def test_more_brackets_than_markdown_may_have_become_round_ones():
    assert "[" not in to_markdown("[" * 500)


@given(MARKS)
@settings(deadline=None, max_examples=300)
def test_plain_words_are_shown_as_they_are(text):
    for markdown in (escaped(text), to_markdown(f"<p>{escape(text)}</p>")):
        assert words_of(to_html(markdown)) == " ".join(text.split())


@given(TAGS)
@settings(deadline=None, max_examples=200)
def test_any_html_becomes_markdown_that_renders(parts):
    html = "".join(parts)
    assert "<script" not in to_html(to_markdown(html))
    assert "\n" not in to_plain(html)
