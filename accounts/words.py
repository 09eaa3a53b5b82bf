"""Words that are looked up in the reader's language where they are shown, and marked here to be found.

The names that Django makes of models and fields.
"""

from django.utils.translation import gettext_noop as _

MODELS = (
    _("pair of two people"), _("pairs of two people"), _("people"), _("person"), _("unit"), _("units"),
)  # fmt: skip
FIELDS = (
    _("email"), _("job title"), _("kind"), _("language"), _("name"), _("parent"), _("supervisors"), _("time zone"),
    _("unit"),
)  # fmt: skip
