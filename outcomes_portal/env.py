"""Settings read from the environment. A bad value stops the program with a sentence."""

import os
from pathlib import Path


class BadSetting(SystemExit):
    """Stops the program; the sentence is what the operator reads."""

    def __init__(self, sentence: str) -> None:
        super().__init__(f"Setting refused: {sentence}")


def text(name: str, default: str | None = None) -> str:
    """The value of `name`, or `default`; with neither, stop."""
    value = os.environ.get(name, "").strip()
    if value:
        return value
    if default is None:
        raise BadSetting(f"{name} is not set. Give it a value; .env.example says what it is.")
    return default


def flag(name: str, default: bool = False) -> bool:
    """1, true, yes, on or 0, false, no, off, in any case."""
    value = text(name, "1" if default else "0").lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise BadSetting(f"{name} is “{value}”. Write 1 for yes or 0 for no.")


def words(name: str) -> list[str]:
    """Values separated by commas."""
    return [word.strip() for word in text(name, "").split(",") if word.strip()]


def choice(name: str, default: str, allowed: set[str]) -> str:
    """One of the `allowed` values."""
    value = text(name, default)
    if value not in allowed:
        raise BadSetting(f"{name} is “{value}”. Choose one of: {', '.join(sorted(allowed))}.")
    return value


def secret(name: str, demonstration: bool) -> str:
    """A long random value. Only the demonstration has a default, and it says so."""
    value = text(name, "the-demonstration-keeps-no-secrets-" + "x" * 30 if demonstration else None)
    if len(value) < 50 or len(set(value)) < 5:
        raise BadSetting(f"{name} is too short or too plain. Use at least 50 random characters.")
    return value


def folder(name: str, default: Path) -> Path:
    """A folder that exists after this call."""
    path = Path(text(name, str(default))).expanduser()
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadSetting(f"{name} is “{path}”, which cannot be used: {error.strerror}.") from error
    return path
