"""Pages of what is part of something: a scene of its scenario. They open from its page and lead back to it."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import Model
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scenarios.admin.arranging import ArrangingAdmin, Movable
from scenarios.naming import NamedForm


def url_of(thing: Model, page: str = "change") -> str:
    """The address of a thing's page in admin."""
    return reverse(f"admin:{thing._meta.app_label}_{thing._meta.model_name}_{page}", args=[thing.pk])


def list_url(model: type[Model]) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def add_url(model: type[Model], **initial: object) -> str:
    """The address of the page that adds one, with what is known already."""
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add")
    return address + "?" + "&".join(f"{name}={value}" for name, value in initial.items())


class PartForm(NamedForm):
    """A row in the list of parts: its place, and little else."""

    in_table = True


class PartsInline(Movable, admin.TabularInline):  # type: ignore[type-arg]
    """The parts of a thing in order, each with a link to its own page, where it is written and deleted."""

    form = PartForm
    extra = 0
    can_delete = False
    ordering = ("position", "pk")
    is_parts = True

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    @admin.display(description=gettext_lazy("title"))
    def link(self, part: Model) -> SafeString:
        return format_html('<a href="{}">{}</a>', url_of(part), part)


class WholeAdmin(ArrangingAdmin):
    """What has parts: its page shows how it stands, so saving leads back to it."""

    def render_change_form(self, request: Any, context: Any, *args: Any, **kwargs: Any) -> Any:
        context |= {"show_save_and_continue": False, "show_save_and_add_another": False}
        if whole := context.get("original"):
            context |= self.standing(whole)
        return super().render_change_form(request, context, *args, **kwargs)

    def standing(self, whole: Any) -> dict[str, Any]:
        """What the template shows above the form."""
        return {}

    def response_post_save_add(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        return HttpResponseRedirect(url_of(obj))

    def response_post_save_change(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        return HttpResponseRedirect(url_of(obj))


class PartAdmin(ArrangingAdmin):
    """``whole`` is the field that says what the thing is part of. It has no list of its own."""

    whole: ClassVar[str]
    delete_confirmation_template = "admin/part_delete.html"

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False

    def whole_of(self, request: HttpRequest, obj: Model | None) -> Any:
        """What the thing is part of; for one that is being added, what the address says, or None."""
        if obj is not None and obj.pk:
            return getattr(obj, self.whole)
        pk = request.GET.get(self.whole, "")
        model: Any = self.model._meta.get_field(self.whole).related_model
        return model.objects.filter(pk=pk).first() if pk.isdecimal() and len(pk) < 19 else None

    def trail(self, whole: Model) -> list[tuple[str, str]]:
        """The way to the thing: titles and addresses, from the list that it all begins with."""
        above = self.admin_site._registry[type(whole)]
        if isinstance(above, PartAdmin):
            start = above.trail(getattr(whole, above.whole))
        else:
            start = [(str(whole._meta.verbose_name_plural).capitalize(), list_url(type(whole)))]
        return [*start, (str(whole), url_of(whole))]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        model = self.model
        while isinstance(part := self.admin_site._registry[model], PartAdmin):
            model = part.model._meta.get_field(part.whole).related_model
        return redirect(list_url(model))

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> type[ModelForm]:  # type: ignore[type-arg]
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (form,), {"whole": self.whole_of(request, obj)})

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        if self.whole_of(request, None) is None:
            message = _("Open the %(whole)s first, and add it there.")
            messages.warning(request, message % {"whole": _(self.whole)})
            return self.changelist_view(request)
        return super().add_view(request, form_url, extra_context)

    def changeform_view(
        self, request: HttpRequest, object_id: Any = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        context = self._around(request, self.get_object(request, object_id) if object_id else None)
        return super().changeform_view(request, object_id, form_url, context | (extra_context or {}))

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        obj = self.get_object(request, object_id)
        context = self._around(request, obj) | (self.warnings(obj) if obj else {})
        response = super().delete_view(request, object_id, context | (extra_context or {}))
        return redirect(context["whole_url"]) if response.status_code == 302 and "whole_url" in context else response

    def warnings(self, obj: Any) -> dict[str, Any]:
        """What to tell who deletes this."""
        return {}

    def response_post_save_add(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        return self.response_post_save_change(request, obj)

    def response_post_save_change(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        return HttpResponseRedirect(url_of(getattr(obj, self.whole)))

    def _around(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        whole = self.whole_of(request, obj)
        if whole is None:
            return {}
        return {
            "whole": whole,
            "whole_name": whole._meta.verbose_name,
            "whole_url": url_of(whole),
            "trail": self.trail(whole),
        }
