"""Taking a round's records away: all of them, or those of the units for which somebody answers."""

from tempfile import SpooledTemporaryFile

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404
from django.utils import timezone
from django.views.decorators.http import require_POST

from kaohe.web.accounts.gate import PageRequest
from kaohe.web.rounds.models import State
from kaohe.web.rounds.queries import rounds_for, units_seen
from kaohe.web.training.export import export_archive

IN_MEMORY = 8 << 20
"""How large a file may grow, in bytes, before it moves to the disk."""


@require_POST
@login_required
def export(request: PageRequest, pk: int) -> FileResponse:
    """Hand out a round's records as a zipped city folder."""
    seen = rounds_for(request.standing).exclude(state=State.DRAFT).select_related("authority", "standard")
    found = seen.filter(pk=pk).first()
    units = units_seen(request.standing, found) if found else frozenset[str]()
    if found is None or (units is not None and not units):
        raise Http404
    file = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - the answer closes it when it has been sent
    export_archive(found, units, file, request.user.get_username(), timezone.now())
    name = f"{found.authority.code}-{found.year}-{found.kind}.zip"
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")
