"""Injection: zones, grids, depths, volumes, and where an injected drug goes."""
