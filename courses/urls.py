"""Learning, records and reports."""

from django.urls import path

from courses.views import hours, learner, refresher, register, supervisor, together
from courses.views.activity import activity

app_name = "courses"

urlpatterns = [
    path("", learner.my_training, name="my-training"),
    path("used/<int:record>/", learner.used, name="used"),
    path("hours/", hours.my_hours, name="my-hours"),
    path("seen/", learner.seen, name="seen"),
    path("courses/", learner.course_list, name="course-list"),
    path("courses/<slug:course>/", learner.course, name="course"),
    path("courses/<slug:course>/<slug:module>/", learner.module, name="module"),
    path("courses/<slug:course>/<slug:module>/<slug:activity>/", activity, name="activity"),
    path("policies/<slug:policy>/", learner.policy, name="policy"),
    path("refreshers/<int:refresher>/", refresher.refresher, name="refresher"),
    path("refreshers/returns/<int:pk>/", refresher.returned, name="return"),
    path("records/<str:code>/", learner.record, name="record"),
    path("reports/", supervisor.people, name="reports"),
    path("reports/records/", register.records, name="register"),
    path("reports/hours/", hours.hours, name="hours"),
    path("reports/together/", together.together, name="together"),
    path("reports/nudge/", supervisor.nudge, name="nudge"),
    path("reports/courses/<slug:course>/", supervisor.course, name="course-report"),
    path("reports/people/<int:person>/", supervisor.person, name="person-report"),
    path("reports/people/<int:person>/hours/", hours.person_hours, name="person-hours"),
    path("reports/scenarios/<slug:scenario>/", supervisor.scenario, name="scenario-report"),
]
