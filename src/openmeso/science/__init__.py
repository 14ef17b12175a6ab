"""The numbers of OpenMeso: pure functions, numbers in, numbers out."""
