"""API: JSON over HTTP; asks services."""
