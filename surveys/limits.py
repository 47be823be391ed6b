"""Holds back what comes too fast, as programs send it. No puzzle to solve, nothing kept.

For an hour at most this process remembers, in Django's cache, how much came from an address lately.
The address itself is nowhere: the key is a hash with a salt by chance, thrown away within the hour,
and leads to no response.
"""

import hashlib
import ipaddress
import secrets
import threading
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext as _

from surveys.models import Response

HOUR = 60 * 60


@dataclass(frozen=True)
class Limit:
    """`most` at once; what was used comes back bit by bit, all of it within `seconds`."""

    most: int
    seconds: int


# Wide enough for a whole school behind one address.
LIMITS = {
    "begin": Limit(300, HOUR),
    "code": Limit(200, 10 * 60),
    "contact": Limit(20, HOUR),
}


class Salt:
    """Some bytes by chance, others after an hour. Each process has its own."""

    made = -float(HOUR)
    value = b""

    def at(self, moment: float) -> bytes:
        if moment - self.made >= HOUR:
            self.made, self.value = moment, secrets.token_bytes(16)
        return self.value


_salt = Salt()
_one_at_a_time = threading.Lock()


def held_back(
    request: HttpRequest, what: str, *, count: bool = True, moment: float | None = None
) -> bool:
    """Whether too much of `what` came from there lately. Counts this once, unless told not to.

    Where addresses do not tell visitors apart nobody is held back.
    """
    address = _address(request)
    if address is None:
        return False
    limit = LIMITS[what]
    moment = time.monotonic() if moment is None else moment
    with _one_at_a_time:
        key = _key(what, address, moment)
        used, before = cache.get(key, (0.0, moment))
        used = max(0.0, used - (moment - before) * limit.most / limit.seconds)
        if used + 1 > limit.most:
            return True
        if count:
            cache.set(key, (used + 1, moment), timeout=min(limit.seconds, HOUR))
    return False


def wait_sentence() -> str:
    """What a person can do who is held back."""
    return _("This is very busy just now. Wait a minute, then press the button again.")


def too_fast(response: Response, now: datetime) -> bool:
    """Whether a new draft is sent sooner than anybody could have answered."""
    least = timedelta(seconds=settings.SECONDS_TO_ANSWER)
    return response.change_of_id is None and now - response.started_at < least


def _key(what: str, address: str, moment: float) -> str:
    salted = _salt.at(moment) + address.encode()
    return f"held-back:{what}:{hashlib.sha256(salted).hexdigest()}"


def _address(request: HttpRequest) -> str | None:
    """Where the request came from: one address, or the network that a home has with IPv6.

    None when it cannot be told, as when all visitors come through a proxy that nobody told us of.
    """
    try:
        address = ipaddress.ip_address(_told(request))
    except ValueError:
        return None
    if address.is_loopback and settings.HTTPS:
        return None  # a proxy on this computer: the same for everybody
    if address.version == 4:
        return str(address)
    return str(address.ipv4_mapped or ipaddress.ip_network((address, 64), strict=False))


def _told(request: HttpRequest) -> str:
    """The address that the outermost of our own proxies saw, or that we see ourselves.

    Each proxy adds the address it saw at the right. What stands further left anybody may write.
    """
    if settings.PROXIES == 0:
        return request.META.get("REMOTE_ADDR", "")
    seen = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    return seen[-settings.PROXIES].strip() if len(seen) >= settings.PROXIES else ""
