"""Choosing a scenario and playing it."""

from django.urls import path

from scenarios import views

app_name = "scenarios"

urlpatterns = [
    path("scenarios/", views.scenario_list, name="list"),
    path("scenarios/<slug:scenario>/", views.introduction, name="introduction"),
    path("scenarios/<slug:scenario>/changes/", views.changes, name="changes"),
    path("attempts/<int:attempt>/", views.attempt, name="attempt"),
    path("attempts/<int:attempt>/debrief/", views.debrief, name="debrief"),
    path("attempts/<int:attempt>/again/", views.again, name="again"),
]
