"""A browser of a few lines, for tests that race, replay and count rather than look: cookies, forms, no JavaScript."""

import re
from dataclasses import dataclass
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener


@dataclass(frozen=True)
class Page:
    status: int
    url: str
    html: str

    @property
    def choices(self) -> list[str]:
        """The keys of the choices on a scene's page."""
        return re.findall(r'<button name="choice" value="([^"]+)"', self.html)

    @property
    def sequence(self) -> int:
        found = re.search(r'name="sequence" value="(\d+)"', self.html)
        assert found, self.html
        return int(found[1])


class PlainBrowser:
    """One person's browser at a running site. ``get`` and ``post`` follow redirects."""

    def __init__(self, site: str) -> None:
        self.site = site
        self.cookies = CookieJar()
        self._opener = build_opener(HTTPCookieProcessor(self.cookies))

    def get(self, path: str) -> Page:
        return self._open(Request(self._url(path)))  # noqa: S310

    def post(self, path: str, **data: object) -> Page:
        """Posts the form, with the token that the cookies hold."""
        token = next((cookie.value for cookie in self.cookies if cookie.name == "csrftoken"), "") or ""
        body = urlencode({"csrfmiddlewaretoken": token} | data, doseq=True).encode()
        return self._open(Request(self._url(path), body, {"Referer": self.site, "Origin": self.site}))  # noqa: S310

    def sign_in(self, email: str, password: str = "welcome-to-the-library") -> "PlainBrowser":
        self.get("/accounts/login/")
        page = self.post("/accounts/login/", login=email, password=password)
        assert "/accounts/login" not in page.url, page.html
        return self

    def _url(self, path: str) -> str:
        return path if path.startswith("http") else self.site + path

    def _open(self, request: Request) -> Page:
        try:
            answer = self._opener.open(request, timeout=30)
        except HTTPError as fault:
            answer = fault
        with answer:
            return Page(answer.status or 0, answer.url or "", answer.read().decode("utf-8", "replace"))
