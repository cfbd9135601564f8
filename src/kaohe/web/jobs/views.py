"""One's own jobs, how far they are, and their cancelling; the system's for its administrator."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from kaohe.web.accounts.gate import PageRequest
from kaohe.web.accounts.permissions import Action, reachable
from kaohe.web.jobs import queue
from kaohe.web.jobs.models import Job
from kaohe.web.jobs.queries import jobs_of, row_of
from kaohe.web.pages.paging import page_of


@login_required
@require_GET
def jobs(request: PageRequest) -> HttpResponse:
    """List the jobs that somebody may see, newest first."""
    page = page_of(jobs_of(request.standing), request)
    return render(request, "jobs/jobs.html", {"page": page, "rows": [row_of(job) for job in page.rows]})


@login_required
@require_GET
def job(request: PageRequest, pk: int) -> HttpResponse:
    """Show one job; asked for by HTMX, only what changes of it."""
    found = row_of(reachable(request.standing, Action.JOB_VIEW, Job, pk=pk))
    fragment = request.headers.get("HX-Request") == "true"
    return render(request, "jobs/_job.html" if fragment else "jobs/job.html", {"job": found})


@login_required
@require_POST
def cancel(request: PageRequest, pk: int) -> HttpResponse:
    """Ask for a job's end."""
    queue.cancel(reachable(request.standing, Action.JOB_CANCEL, Job, pk=pk), timezone.now())
    return redirect("job", pk=pk)
