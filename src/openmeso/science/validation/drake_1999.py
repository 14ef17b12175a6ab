"""Scalp dihydrotestosterone after 42 days of finasteride tablets, as published.

References
----------
Drake L, Hordinsky M, Fiedler V, et al. The effects of finasteride on scalp skin and serum androgen
levels in men with androgenetic alopecia. J Am Acad Dermatol 1999;41:550-554 (abstract read; n=249).
"""

PLACEBO_FALL_PCT = 13.0
SCALP_FALL_PCT = ((0.01, 14.9), (0.05, 61.6), (0.2, 56.5), (1.0, 64.1), (5.0, 69.4))
"""Dose [mg/day] and fall of scalp dihydrotestosterone [%]."""
