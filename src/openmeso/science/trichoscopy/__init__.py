"""Trichoscopy: from one picture of the scalp to hairs, and from two to what changed."""
