"""Signing in by email, and what every page asks of the person who is signed in."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import OuterRef, Subquery, TextField

from accounts.models import Person, Unit


class Joined(Subquery):
    """The values of a subquery with one column ``path`` with commas between them."""

    output_field = TextField()
    template = "COALESCE((SELECT group_concat(path, ',') FROM (%(subquery)s) AS found), '')"

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        template = "COALESCE((SELECT string_agg(path, ',') FROM (%(subquery)s) AS found), '')"
        return self.as_sql(compiler, connection, template=template, **extra)


class Backend(AuthenticationBackend):  # type: ignore[misc]
    def get_user(self, user_id: int) -> Person | None:
        """The person, with ``supervised_paths`` read in the same query: the navigation of every page needs it."""
        supervised = Unit.objects.filter(supervisors=OuterRef("pk")).order_by().values("path")
        people = Person.objects.annotate(supervised_paths=Joined(supervised))
        person = people.filter(pk=user_id).first()
        return person if person and self.user_can_authenticate(person) else None
