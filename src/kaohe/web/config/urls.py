"""All addresses."""

from django.urls import include, path

from kaohe.web.accounts.views.sign_in import too_many
from kaohe.web.config.health import health
from kaohe.web.desk import failures

urlpatterns = [
    path("health/", health, name="health"),
    path("", include("kaohe.web.desk.urls")),
    path("", include("kaohe.web.accounts.urls")),
    path("", include("kaohe.web.standing.urls")),
    path("organisation/", include("kaohe.web.organisation.urls")),
    path("rounds/", include("kaohe.web.rounds.urls")),
    path("rounds/", include("kaohe.web.training.urls")),
    path("imports/", include("kaohe.web.intake.urls")),
    path("standards/", include("kaohe.web.standards.urls")),
    path("journal/", include("kaohe.web.journal.urls")),
    path("jobs/", include("kaohe.web.jobs.urls")),
    path("", include("kaohe.web.post.urls")),
]
handler400 = failures.bad
handler403 = failures.refused
handler404 = failures.not_found
handler429 = too_many
handler500 = failures.broken
