"""A person is invited by a link in an email, with which they choose their password."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import send_mail
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import Person


def invite(person: Person, request: HttpRequest) -> None:
    """Send the link; it works once, and for PASSWORD_RESET_TIMEOUT. Raises OSError where the mail cannot be sent.

    It is in the language of whoever gets it, as far as that is known, and not of whoever sends it.
    """
    key = default_token_generator.make_token(person)
    arguments = {"uidb36": user_pk_to_url_str(person), "key": key}
    context = {
        "person": person,
        "link": request.build_absolute_uri(reverse("account_reset_password_from_key", kwargs=arguments)),
        "sign_in": request.build_absolute_uri(reverse("account_login")),
        "days": settings.PASSWORD_RESET_TIMEOUT // (24 * 60 * 60),
    }
    with override(person.language or settings.LANGUAGE_CODE):
        subject, body = _("Your account for library training"), render_to_string("accounts/invitation.txt", context)
    send_mail(subject, body, None, [person.email])
