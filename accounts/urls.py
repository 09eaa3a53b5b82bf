"""The signed-in person's own account; signing in is allauth's."""

from django.urls import path

from accounts import views

app_name = "accounts"

urlpatterns = [
    path("", views.me, name="me"),
    path("language/", views.language, name="language"),
]
