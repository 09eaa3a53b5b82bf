"""No Markdown, however hostile, becomes a page that runs anything.

The vectors are of the kinds that the OWASP XSS Filter Evasion Cheat Sheet lists, in Markdown's own clothes where it
has them. What a browser makes of them, tests/e2e looks at.
"""

from contextlib import suppress
from html.parser import HTMLParser

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from training.lib.markdown import SCHEMES, TAGS, to_html

VECTORS = (
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//xss.example/x.js></SCRIPT>",
    "<<script>alert(1);//<</script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<IMG SRC=javascript:alert(1)>",
    '<IMG """><SCRIPT>alert(1)</SCRIPT>"\\>',
    "<IMG SRC=&#106;&#97;&#118;&#97;&#115;&#99;&#114;&#105;&#112;&#116;&#58;alert(1)>",
    "<img src=x:x onerror\x00=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<math><mtext></p><table><mglyph><style><img src=x onerror=alert(1)>",
    "<body onload=alert(1)>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<object data=javascript:alert(1)>",
    "<embed src=javascript:alert(1)>",
    "<form action=javascript:alert(1)><button>go</button></form>",
    "<details open ontoggle=alert(1)>",
    "<video><source onerror=alert(1)>",
    "<style>@import 'javascript:alert(1)';</style>",
    "<div style='background:url(javascript:alert(1))'>",
    "<base href=javascript:alert(1)//>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<link rel=stylesheet href=javascript:alert(1)>",
    "<a href=javascript:alert(1)>x</a>",
    "<!--<img src='--><img src=x onerror=alert(1)//'>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<template><script>alert(1)</script></template>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](javascript&colon;alert&lpar;1&rpar;)",
    "[x](java&Tab;script:alert(1))",
    "[x](java&NewLine;script&colon;alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](&#x6A;avascript&#x3A;alert(1))",
    "[x](&amp;#106;avascript:alert(1))",
    "[x](\x01javascript:alert(1))",
    "[x](\u00a0javascript:alert(1))",
    "[x](java\u200bscript:alert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](file:///etc/passwd)",
    "[x](blob:https://example.org/1)",
    "[x]( javascript:alert(1) 'title')",
    "[x](<javascript:alert(1)>)",
    '[x](http://example.org "onmouseover=alert(1)")',
    '[x](http://example.org"onmouseover="alert(1))',
    "[x][1]\n\n[1]: javascript:alert(1)",
    "[x][1]\n\n[1]: javascript&colon;alert(1)",
    "![x](javascript:alert(1))",
    '![x" onerror="alert(1)](x)',
    "<javascript:alert(1)>",
    "<javascript&colon;alert(1)>",
    "`<script>alert(1)</script>`",
    "    <script>alert(1)</script>",
    "> <script>alert(1)</script>",
    "| <img src=x onerror=alert(1)> |\n|---|\n| <script>alert(1)</script> |",
    "# <img src=x onerror=alert(1)>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "</div></main><script>alert(1)</script>",
    "{% include 'x' %}{{ request.user }}",
)


class Looked(HTMLParser):
    """Every tag and attribute of a page, as a browser would see them."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


def faults(html: str) -> list[object]:
    """What is in the HTML that should not be."""
    found: list[object] = []
    for tag, attributes in Looked(html).seen:
        if tag not in TAGS:
            found.append(tag)
        for name, value in attributes.items():
            if (tag, name) not in {("a", "href"), ("a", "title"), ("ol", "start")}:
                found.append((tag, name))
            if name == "href":
                plain = "".join(letter for letter in value or "" if letter.isprintable() and letter != " ")
                scheme, colon, _ = plain.partition(":")
                if colon and not set(scheme) & set("/?#") and scheme.lower() not in SCHEMES:
                    found.append(value)
    return found


@pytest.mark.parametrize("vector", VECTORS)
def test_hostile_markdown_is_harmless(vector):
    assert faults(to_html(vector)) == []


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.lists(st.sampled_from([*VECTORS, "\n\n", "**", "> ", "- ", "](", "\\", "`", "&"]), max_size=5).map("".join))
def test_hostile_markdown_in_company_is_harmless(text):
    assert faults(to_html(text)) == []


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.text(max_size=300))
def test_any_text_becomes_html_or_a_clear_message(text):
    assert faults(to_html(text)) == []


def test_the_looker_would_see_a_fault():
    assert faults("<img src=x onerror=alert(1)><a href='java\tscript:x'>") != []


@pytest.mark.parametrize("text", ["> " * 3000, "- " * 3000 + "x", "[" * 400, "*" * 9000, "(" * 20_000])
def test_deep_text_becomes_a_page_or_a_clear_message(text):
    with suppress(ValidationError):
        assert faults(to_html(text)) == []


def test_huge_text_is_refused_with_its_size():
    with pytest.raises(ValidationError, match="This text has 50,001 characters; 50,000 is the most"):
        to_html("x" * 50_001)


def test_text_of_many_brackets_is_refused_before_it_costs_anything():
    with pytest.raises(ValidationError, match="more than 400 opening brackets"):
        to_html("[" * 50_000)


def test_what_authors_write_comes_out_as_meant():
    text = "A *word*, a [link](https://example.org/a?b=c&d=e), `code`.\n\n1. one\n\n| a | b |\n|---|---|\n| c | d |"
    html = to_html(text)
    for part in ("<em>word</em>", '<a href="https://example.org/a?b=c&amp;d=e">link</a>', "<ol>", "<td>d</td>"):
        assert part in html


def test_links_inside_the_site_and_by_mail_and_phone_stay():
    assert to_html("[a](/courses/) [b](mailto:a@b.org) [c](tel:200) [d](#x)").count("href=") == 4
