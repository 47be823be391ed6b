"""Every address of the admin that is ours, with the key of every row there is.

An address that is added later is walked too.
"""

import itertools
from io import BytesIO
from zipfile import ZipFile

from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import ForeignKey
from django.urls import reverse

from outcomes.admin.picture_keeping import ENDINGS
from outcomes.admin.sheets_elsewhere import FILES
from outcomes.admin.sheets_out import TABLES
from outcomes.models import Cluster, KeptCount
from surveys.models import Answer, Consultation, Note, Passage, Picture, Survey

OURS = [*apps.get_app_config("surveys").get_models(), *apps.get_app_config("outcomes").get_models()]


def keys(model) -> list:
    rows = getattr(model, "everything", model._default_manager)
    return [*rows.values_list("pk", flat=True)]


def fillings(model) -> dict[str, list]:
    """What may stand in each place of an address."""
    numbers = sorted({*keys(Answer), *keys(Note), *keys(Passage)})
    return {
        "object_id": keys(model),
        "key": numbers,
        "order": [1, 2],
        "consultation_id": keys(Consultation),
        "survey_id": keys(Survey),
        "picture_id": keys(Picture),
        "count_id": keys(KeptCount),
        "code": ["HL-1"],
        "id": keys(User)[:2],
    }


def addresses():
    """All of ours but the PDFs, which hold only what is asked. Any number is tried as a new key."""
    for model, model_admin in admin.site._registry.items():
        if model._meta.app_label not in ("auth", "surveys", "outcomes"):
            continue
        values = fillings(model)
        if model._meta.app_label == "auth":
            values["object_id"] = values["object_id"][:2]  # one account is as another
        for pattern in model_admin.get_urls():
            names = list(pattern.pattern.converters)
            if pattern.name is None or str(pattern.pattern).endswith(".pdf"):
                continue
            for filling in itertools.product(*(values.get(name, values["key"]) for name in names)):
                yield reverse(
                    f"admin:{pattern.name}", kwargs=dict(zip(names, filling, strict=True))
                )
    yield from (reverse(f"admin:{name}") for name in ("index", "jsi18n"))
    yield from (reverse("admin:app_list", args=[app]) for app in ("surveys", "outcomes"))
    yield from lists()
    yield from autocompletes()
    yield from sheets()
    yield from counts()
    ids = ",".join(map(str, keys(Cluster)))
    yield reverse("admin:outcomes_cluster_merge") + f"?ids={ids}"
    yield from map(reverse, ("home", "framework", "strategies"))


def lists():
    """Lists by each of their columns, and what officers filter the ideas by."""
    for name in ("outcomes_idea", "outcomes_cluster", "outcomes_groupsuggestion"):
        for query in ("o=1", "o=-2.1", "o=3", "all=", "p=1"):
            yield reverse(f"admin:{name}_changelist") + f"?{query}"
    for query in ("in_cluster=yes", "in_cluster=no", "theme=health", "audience=parent_carer"):
        yield reverse("admin:outcomes_idea_changelist") + f"?{query}"


def sheets():
    """Every file that can be taken out."""
    for consultation in keys(Consultation):
        address = reverse("admin:outcomes_coding_file", args=[consultation])
        for what in (*TABLES, *FILES):
            for kind in ("csv", "xlsx"):
                yield f"{address}?what={what.path}&as={kind}"


def counts():
    """Every kept count, drawn and as a file; and the picture as it stands now."""
    for kept in KeptCount.objects.all():
        address = reverse("admin:outcomes_cluster_picture", args=[kept.consultation_id])
        yield from (f"{address}?count={which}" for which in (kept.pk, "now"))
        address = reverse("admin:outcomes_cluster_count-file", args=[kept.pk])
        yield from (f"{address}?as={ending}" for ending in ENDINGS)


def autocompletes():
    """What a field of any row would offer."""
    for model in OURS:
        for field in model._meta.get_fields():
            if isinstance(field, ForeignKey):
                where = f"app_label={model._meta.app_label}&model_name={model._meta.model_name}"
                yield reverse("admin:autocomplete") + f"?{where}&field_name={field.name}&term="


def opened(client, address: str, **headers):
    """The page, however many redirects lead to it."""
    page = client.get(address, follow=True, headers=headers)
    assert page.status_code in (200, 302, 403, 404, 405), address
    return page


def text_of(page) -> str:
    """All that a page or a file says, in small letters; a sheet or a project is a zip of files."""
    content = page.getvalue()
    if content.startswith(b"PK"):
        with ZipFile(BytesIO(content)) as files:
            content = b" ".join(files.read(name) for name in files.namelist())
    return content.decode(errors="replace").lower()
