"""Knowledge: read once, then shared by every request."""

from functools import cache

from openmeso.terms.knowledge import Knowledge


@cache
def knowledge() -> Knowledge:
    """All the sourced data that plans are computed from."""
    from openmeso.gateways.knowledge import load_knowledge

    return load_knowledge()
