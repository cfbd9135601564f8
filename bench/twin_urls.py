"""The bare twins: one plain Django view each, one query, the same kind of content as the page it stands beside."""

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from kaohe.web.journal.models import LogEntry
from kaohe.web.organisation.models import Person, Unit

SHELL = """<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{{ title }}</title></head>
<body><header><a href="/">考核</a> {{ request.user.name }}</header><main><h1>{{ title }}</h1>%s</main><footer>考核</footer></body></html>"""
TABLE = (
    SHELL
    % """<table><thead><tr>{% for head in heads %}<th>{{ head }}</th>{% endfor %}</tr></thead><tbody>
{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>{% endfor %}</tbody></table>"""
)
FORM = SHELL % """<form method="post">{% csrf_token %}{{ form.as_p }}<button>保存</button></form>"""
TEXT = SHELL % """{% for paragraph in paragraphs %}<h2>{{ paragraph.0 }}</h2><p>{{ paragraph.1 }}</p>{% endfor %}"""

HEADS = ("代码", "名称", "类别", "责任处室", "专人", "分管领导", "电话", "顺序")


class UnitForm(forms.ModelForm):
    """A form as Django makes it."""

    class Meta:
        model = Unit
        fields = ("name", "official_order", "valid_from", "valid_to", "office", "officer", "leader", "phone")


def _shown(request: HttpRequest, source: str, values: dict[str, object]) -> HttpResponse:
    template = TEMPLATES.setdefault(source, engines["django"].from_string(source))
    return HttpResponse(template.render({"title": "双胞胎", **values}, request))


TEMPLATES: dict[str, object] = {}


@login_required
def units(request: HttpRequest) -> HttpResponse:
    """80 rows of units, or as many as there are."""
    fields = ("code", "name", "peer_group", "office", "officer", "leader", "phone", "official_order")
    return _shown(request, TABLE, {"heads": HEADS, "rows": Unit.objects.values_list(*fields)[:80]})


@login_required
def people(request: HttpRequest) -> HttpResponse:
    """80 rows of people with their units."""
    fields = ("code", "name", "unit__name", "unit__code", "post", "pinyin", "initials", "version")
    rows = Person.objects.order_by("unit__official_order", "code").values_list(*fields)[:80]
    return _shown(request, TABLE, {"heads": HEADS, "rows": rows})


@login_required
def entries(request: HttpRequest) -> HttpResponse:
    """80 rows of the journal."""
    fields = ("seq", "time", "actor", "action", "object", "seq", "time", "actor")
    return _shown(request, TABLE, {"heads": HEADS, "rows": LogEntry.objects.values_list(*fields)[:80]})


@login_required
def form(request: HttpRequest) -> HttpResponse:
    """A form of eight fields, filled from one query."""
    return _shown(request, FORM, {"form": UnitForm(instance=Unit.objects.order_by("pk")[0])})


@login_required
def text(request: HttpRequest) -> HttpResponse:
    """A page of text, and one query."""
    name = Unit.objects.values_list("name", flat=True)[0]
    paragraphs = [(f"{name} {number}", "按名称、拼音、首字母或代码查找单位。" * 4) for number in range(12)]
    return _shown(request, TEXT, {"paragraphs": paragraphs})


def public_form(request: HttpRequest) -> HttpResponse:
    """A form before sign-in."""
    return _shown(request, FORM, {"form": UnitForm(instance=Unit.objects.order_by("pk")[0])})


urlpatterns = [
    path("twin/units/", units),
    path("twin/people/", people),
    path("twin/entries/", entries),
    path("twin/form/", form),
    path("twin/text/", text),
    path("twin/public/", public_form),
]
