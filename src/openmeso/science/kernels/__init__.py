"""Inner loops: plain numbers and arrays in and out, compiled by Numba."""
