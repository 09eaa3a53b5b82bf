"""What a stable name looks like."""

from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

validate_key = RegexValidator(
    r"\A[a-z0-9]+(-[a-z0-9]+)*\Z", _("Use lower-case letters, digits and hyphens, for example “block-at”.")
)
