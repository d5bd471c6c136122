"""Where a request comes from."""

from __future__ import annotations

from ipaddress import IPv6Address, IPv6Network, ip_address

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """Return the IP address that a request comes from, "" if it is unknown.

    Each proxy in front of the site appends to X-Forwarded-For the address that it was called from. With TRUSTED_PROXIES
    of them, the entry so far from the right is written by our own outermost proxy; a client could have written whatever
    stands left of it. If there is no such entry, or it is no address, what connected to this server is returned: behind
    a proxy that is the proxy.
    """
    trusted: int = settings.TRUSTED_PROXIES
    if trusted:
        entries = request.META.get("HTTP_X_FORWARDED_FOR", "").rsplit(",", trusted)[-trusted:]
        if len(entries) == trusted and (address := _address(entries[0])):
            return address
    # Absent or empty on a Unix socket.
    return _address(request.META.get("REMOTE_ADDR", ""))


def client_network(request: HttpRequest) -> str:
    """Return the network that a request comes from, "" if it is unknown: an IPv4 address, or a /64 of IPv6.

    Whoever has one IPv6 address usually has all of its /64.
    """
    address = client_address(request)
    return str(IPv6Network((address, 64), strict=False)) if ":" in address else address


def _address(text: str) -> str:
    """Return an IP address as it is usually written, "" if the text is none. Some proxies add a port."""
    host = text.strip()
    if host.startswith("["):
        host = host[1:].partition("]")[0]
    elif host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        # Without the zone of a link-local address, which may be any text.
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or address)
    return str(address)
