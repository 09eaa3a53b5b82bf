"""Every address of the site."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from training import views

urlpatterns = [
    path("", include("courses.urls")),
    path("", include("scenarios.urls")),
    path("accounts/", include("accounts.urls")),
    path("accounts/email/", RedirectView.as_view(pattern_name="accounts:me")),
    path("accounts/", include("allauth.account.urls")),
    path("admin/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    path("admin/", admin.site.urls),
    path("healthz", views.healthz, name="healthz"),
]

handler400 = "training.views.bad_request"
handler403 = "training.views.forbidden"
handler404 = "training.views.not_found"
handler500 = "training.views.server_error"
