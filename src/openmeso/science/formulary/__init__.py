"""Formulary: doses, mixtures, systemic equivalents and the checks of a plan."""
