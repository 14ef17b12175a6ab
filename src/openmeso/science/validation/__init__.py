"""Validation of the science: checks against exact solutions, solvers and published results."""
