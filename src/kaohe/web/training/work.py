"""Work in the background: measuring what has changed, so that no page need do so."""

from collections.abc import Generator

from django.utils import timezone

from kaohe.web.jobs.models import Job
from kaohe.web.jobs.registry import Step, kind
from kaohe.web.rounds.models import Round, State


@kind("training.measure", "计算指标", "Measure the figures")
def measure(job: Job) -> Generator[Step, None, int]:
    """Measure what is stale: in one round (`round`), or in all open rounds of an authority (`authority`)."""
    from kaohe.web.training.figures import measure_stale  # slow import: the engine, which only a reader needs

    asked = {"pk": job.arguments["round"]} if "round" in job.arguments else {"authority": job.arguments["authority"]}
    rounds = list(Round.objects.filter(**asked, state=State.REPORTING).select_related("standard").order_by("pk"))
    measured = 0
    for done, one in enumerate(rounds, 1):
        measured += measure_stale(one, timezone.now())
        yield Step(None, done, len(rounds))
    return measured
