"""What Django's admin says itself: it stands here to be found, so that the catalogue can say it in our voice."""

from django.utils.translation import gettext_noop as _
from django.utils.translation import ngettext_lazy

SENTENCES = (
    _("Welcome,"),
    _("History"),
    _("Change history: %s"),
    _("This object doesn’t have a change history. It probably wasn’t added via this admin site."),
    _("Recent actions"),
    _("None available"),
    _("Add %s"),
    _("Change %s"),
    _("View %s"),
    _("Add %(name)s"),
    _("Add another %(verbose_name)s"),
    _("Select %s to change"),
    _("Select %s to view"),
    _("Save and add another"),
    _("The {name} “{obj}” was added successfully."),
    _("The {name} “{obj}” was added successfully. You may add another {name} below."),
    _("You may edit it again below."),
    _("The {name} “{obj}” was changed successfully."),
    _("The {name} “{obj}” was changed successfully. You may edit it again below."),
    _("The {name} “{obj}” was changed successfully. You may add another {name} below."),
    _("The %(name)s “%(obj)s” was deleted successfully."),
    _("%(name)s with ID “%(key)s” doesn’t exist. Perhaps it was deleted?"),
    _("You don’t have permission to view or edit anything."),
    _(
        'Are you sure you want to delete the %(object_name)s "%(escaped_object)s"? All of the following related items'
        " will be deleted:"
    ),
    _(
        "Deleting the %(object_name)s '%(escaped_object)s' would require deleting the following protected related"
        " objects:"
    ),
    _(
        "Deleting the %(object_name)s '%(escaped_object)s' would result in deleting related objects, but your account"
        " doesn't have permission to delete the following types of objects:"
    ),
    _("Delete multiple objects"),
    _("Delete selected %(verbose_name_plural)s"),
    _(
        "Are you sure you want to delete the selected %(objects_name)s? All of the following objects and their related"
        " items will be deleted:"
    ),
    _("Successfully deleted %(count)d %(items)s."),
    _("Yes, I’m sure"),
    _("No, take me back"),
    _("Cannot delete %(name)s"),
    _("Items must be selected in order to perform actions on them. No items have been changed."),
    _("No action selected."),
    _("Added."),
    _("Changed {fields}."),
    _("No fields changed."),
)
ERRORS = ngettext_lazy("Please correct the error below.", "Please correct the errors below.")
