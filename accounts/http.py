"""Requests of signed-in people, for type checkers."""

from django.http import HttpRequest

from accounts.models import Person


class PersonRequest(HttpRequest):
    """A request behind ``login_required``."""

    user: Person
