"""Gateways: what meets the outside (files, paper, calendars, the clock), small and passed in."""
