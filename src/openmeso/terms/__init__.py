"""The words of OpenMeso: frozen dataclasses and enums, standard library only.

Units stand in the name (``dose_mg``, ``spacing_mm``); GLOSSARY.md defines every noun.
"""
