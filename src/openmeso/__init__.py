"""OpenMeso: plan, give and measure courses of mesotherapy."""

__version__ = "0.1.0"
