"""The catalogues of translations in locale/: found in the code, kept up to date, compiled.

    python -m outcomes_portal.translations update     after changing words (make messages)
    python -m outcomes_portal.translations compile    what the portal reads (make setup)

Babel does it, so nobody needs GNU gettext.
"""

import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
CATALOGUES = ROOT / "locale"
CODE = ("outcomes_portal", "surveys", "outcomes")
STAFF = "admin"  # their pages stay English
WORDS = {
    "_": None,
    "lazily": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def sources() -> Iterator[tuple[Path, str]]:
    """Every file that may hold public words, as Python."""
    for folder in CODE:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if not {"admin", "migrations"} & set(path.parts):
                yield path, path.read_text()
    for path in sorted((ROOT / "templates").rglob("*")):
        if path.suffix in {".html", ".txt", ".svg"} and STAFF not in path.parts:
            code = templatize(path.read_text(), origin=str(path))
            # As Python it makes no sense line by line, so no line is indented.
            yield path, "\n".join(line.lstrip() for line in code.split("\n"))


def template() -> Catalog:
    """All translatable words, without translations."""
    catalogue = Catalog(project="Outcomes Portal", charset="utf-8")
    for path, code in sources():
        found = extract("python", BytesIO(code.encode()), WORDS, comment_tags=["Translators"])
        for _line, message, comments, context in found:
            where = [(str(path.relative_to(ROOT)), None)]
            catalogue.add(message, locations=where, auto_comments=comments, context=context)
    return catalogue


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parts[-3], domain="django")


def files() -> list[Path]:
    return sorted(CATALOGUES.glob("*/LC_MESSAGES/django.po"))


def update() -> None:
    """New words are added with no translation; words no longer used are dropped."""
    found = template()
    for path in files():
        catalogue = read(path)
        catalogue.update(found, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        with path.open("wb") as file:
            write_po(file, catalogue, width=98, sort_by_file=True)
        missing = sum(not all(_forms(message.string)) for message in catalogue if message.id)
        print(f"{path.relative_to(ROOT)}: {len(catalogue)} texts, {missing} not translated")


def _forms(string: str | tuple[str, ...]) -> tuple[str, ...]:
    return string if isinstance(string, tuple) else (string,)


def compile_all() -> None:
    for path in files():
        with path.with_suffix(".mo").open("wb") as file:
            write_mo(file, read(path))


if __name__ == "__main__":
    {"update": update, "compile": compile_all}[sys.argv[1]]()
