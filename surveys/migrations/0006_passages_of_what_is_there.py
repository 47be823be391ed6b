"""A passage for each answer and note that is there, and the index of their words for the search."""

from django.db import migrations
from django.db.models import F
from django.db.models.functions import Length

FTS5 = """
CREATE VIRTUAL TABLE surveys_passage_words USING fts5(
    words, content='surveys_passage', content_rowid='id', tokenize='porter unicode61'
);
INSERT INTO surveys_passage_words(rowid, words) SELECT id, words FROM surveys_passage;
CREATE TRIGGER surveys_passage_added AFTER INSERT ON surveys_passage BEGIN
    INSERT INTO surveys_passage_words(rowid, words) VALUES (new.id, new.words);
END;
CREATE TRIGGER surveys_passage_gone AFTER DELETE ON surveys_passage BEGIN
    INSERT INTO surveys_passage_words(surveys_passage_words, rowid, words)
    VALUES ('delete', old.id, old.words);
END;
CREATE TRIGGER surveys_passage_changed AFTER UPDATE OF words ON surveys_passage BEGIN
    INSERT INTO surveys_passage_words(surveys_passage_words, rowid, words)
    VALUES ('delete', old.id, old.words);
    INSERT INTO surveys_passage_words(rowid, words) VALUES (new.id, new.words);
END;
"""
NO_FTS5 = """
DROP TRIGGER surveys_passage_added;
DROP TRIGGER surveys_passage_gone;
DROP TRIGGER surveys_passage_changed;
DROP TABLE surveys_passage_words;
"""
GIN = """
CREATE INDEX surveys_passage_words ON surveys_passage
USING gin (to_tsvector('english'::regconfig, COALESCE("words", '')))
"""


def index(apps, schema_editor):
    connection = schema_editor.connection
    if connection.vendor == "postgresql":
        schema_editor.execute(GIN)
    elif connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            # Statement by statement: a script would end the migration's transaction.
            for statement in statements(FTS5):
                cursor.execute(statement)


def no_index(apps, schema_editor):
    connection = schema_editor.connection
    if connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX surveys_passage_words")
    elif connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for statement in statements(NO_FTS5):
                cursor.execute(statement)


def statements(script):
    """A trigger's own statements end with a semicolon too, its last line with END;"""
    found, lines = [], []
    for line in script.strip().splitlines():
        lines.append(line)
        inside = any(one.startswith("CREATE TRIGGER") for one in lines) and line != "END;"
        if line.endswith(";") and not inside:
            found.append("\n".join(lines).rstrip(";"))
            lines = []
    return [one + ";" if one.startswith("CREATE TRIGGER") else one for one in found]


def take_up(apps, schema_editor):
    passage = apps.get_model("surveys", "Passage")
    for name, audience, consultation in (
        ("answer", "response__survey__audience", "response__survey__consultation_id"),
        ("note", "session__audience", "session__consultation_id"),
    ):
        rows = apps.get_model("surveys", name).objects.exclude(text="")
        if name == "answer":
            rows = rows.exclude(response__state="draft")
        rows = rows.annotate(
            of=F(audience), within=F(consultation), characters=Length("text")
        ).values_list("pk", "of", "within", "text", "characters")
        passage.objects.bulk_create(
            (
                passage(
                    **{f"{name}_id": key},
                    audience=of,
                    consultation_id=within,
                    words=text,
                    length=characters,
                )
                for key, of, within, text, characters in rows.iterator()
            ),
            batch_size=1_000,
        )


class Migration(migrations.Migration):
    dependencies = [("surveys", "0005_passages")]

    operations = [
        migrations.RunPython(take_up, migrations.RunPython.noop),
        migrations.RunPython(index, no_index),
    ]
