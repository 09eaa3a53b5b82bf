"""Signing in by email, and what every page asks of the person who is signed in."""

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import Exists, OuterRef

from accounts.models import Person, Unit


class Backend(AuthenticationBackend):  # type: ignore[misc]
    def get_user(self, user_id: int) -> Person | None:
        """The person, with ``supervises`` read in the same query: the navigation of every page needs it."""
        supervised = Unit.supervisors.through.objects.filter(person=OuterRef("pk"))
        person = Person.objects.annotate(supervises=Exists(supervised)).filter(pk=user_id).first()
        return person if person and self.user_can_authenticate(person) else None
