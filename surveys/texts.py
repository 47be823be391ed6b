"""What may be stored of a text that somebody typed."""


def storable(text: str) -> str:
    """`text` with line ends as "\\n", and without what a database cannot hold.

    NUL is taken out and a lone surrogate becomes "?": no keyboard makes either, and PostgreSQL
    refuses both. Everything else stays as typed.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    return text.encode("utf-8", "replace").decode("utf-8")
