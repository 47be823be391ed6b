"""What may be stored of a text that somebody typed."""

from surveys.refusals import BadText


def storable(text: str) -> str:
    """`text` with line ends as "\\n", and without what a database cannot hold.

    NUL is taken out and a lone surrogate becomes "?": no keyboard makes either, and PostgreSQL
    refuses both. Everything else stays as typed.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    return text.encode("utf-8", "replace").decode("utf-8")


def required(text: str, sentence: str) -> str:
    """The text as it may be stored, trimmed; BadText with `sentence` when nothing is left."""
    text = storable(text).strip()
    if not text:
        raise BadText(sentence)
    return text
