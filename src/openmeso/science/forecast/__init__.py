"""Forecasts of published study arms from their design, and the scoring of these forecasts."""
