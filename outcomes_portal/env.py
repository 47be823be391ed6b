"""Settings read from the environment. A bad value stops the program with a sentence."""

import os
from email.utils import parseaddr
from pathlib import Path
from typing import Any

import dj_database_url
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

LOOPBACK = ["127.0.0.1", "localhost", "[::1]"]
KNOWN_KEY = "the-demonstration-keeps-no-secrets-" + "x" * 30


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


def number(name: str, default: int, most: int, least: int = 0) -> int:
    """A whole number from `least` to `most`."""
    value = text(name, str(default))
    if value.isascii() and value.isdigit() and len(value) < 10 and least <= int(value) <= most:
        return int(value)
    raise BadSetting(f"{name} is “{value}”. Write a whole number from {least} to {most}.")


def words(name: str) -> list[str]:
    """Values separated by commas."""
    return [word.strip() for word in text(name, "").split(",") if word.strip()]


def choice(name: str, default: str, allowed: set[str]) -> str:
    """One of the `allowed` values."""
    value = text(name, default)
    if value not in allowed:
        raise BadSetting(f"{name} is “{value}”. Choose one of: {', '.join(sorted(allowed))}.")
    return value


def sender(name: str, *, needed: bool) -> str:
    """An email address to send from, such as a@example.org or “A name <a@example.org>”."""
    value = text(name, None if needed else "noreply@localhost")
    address = parseaddr(value)[1]
    try:
        if needed:
            validate_email(address)
    except ValidationError as error:
        raise BadSetting(
            f"{name} is “{value}”. Write an email address, such as outcomes@example.org."
        ) from error
    return value


def hosts(name: str, *, demonstration: bool, debug: bool) -> list[str]:
    """The site's own names. Only where nobody's words are at stake may it answer to any."""
    names = words(name) or (LOOPBACK if demonstration or debug else [])
    if not names:
        raise BadSetting(f"{name} is not set. Give the site's own name, such as example.org.")
    if "*" in names and not (demonstration or debug):
        raise BadSetting(f"{name} is “*”, which is every name. Give the site's own.")
    return names


def at_home(names: list[str]) -> bool:
    """Whether only this computer reaches the site."""
    return all(name.lower() in LOOPBACK for name in names)


def secret(name: str, *, well_known: bool) -> str:
    """A long random value. Where a `well_known` one will do there is a default, and it says so."""
    value = text(name, KNOWN_KEY if well_known else None)
    return _hard_to_guess(name, value, well_known=well_known)


def secrets(name: str, *, well_known: bool) -> list[str]:
    """Values as of `secret`, separated by commas; none by default."""
    return [_hard_to_guess(name, value, well_known=well_known) for value in words(name)]


def _hard_to_guess(name: str, value: str, *, well_known: bool) -> str:
    if len(value) < 50 or len(set(value)) < 5:
        raise BadSetting(f"{name} is too short or too plain. Use at least 50 random characters.")
    if value == KNOWN_KEY and not well_known:
        raise BadSetting(
            f"{name} is the demonstration's, which everybody can read. It will do only where "
            "DEMONSTRATION is 1 and every name in ALLOWED_HOSTS is this computer's own, such as "
            "localhost. Use at least 50 random characters."
        )
    return value


def database(name: str, default: str) -> Any:
    """A database by its address: PostgreSQL or SQLite, which the portal is tested on."""
    address = text(name, default)
    try:
        if address.partition("://")[0] not in {"postgres", "postgresql", "sqlite"}:
            raise ValueError("another kind of database")
        return dj_database_url.parse(address, conn_max_age=60)
    except (ValueError, KeyError) as error:
        raise BadSetting(
            f"{name} cannot be read. Write postgres://NAME:PASSWORD@HOST:5432/DATABASE, "
            "or leave it out to use SQLite; other databases will not do."
        ) from error


def folder(name: str, default: Path) -> Path:
    """A folder that exists after this call."""
    path = Path(text(name, str(default))).expanduser()
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadSetting(f"{name} is “{path}”, which cannot be used: {error.strerror}.") from error
    return path
