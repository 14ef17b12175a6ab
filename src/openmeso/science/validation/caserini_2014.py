"""Plasma exposure of finasteride from a 0.25 % lotion and from the 1 mg tablet, as published.

Both lowered dihydrotestosterone alike, though the tablet brings nine times as much into the blood.

References
----------
Caserini M, Radicioni M, Leuratti C, Annoni O, Palmieri R. A novel finasteride 0.25 % topical
solution for androgenetic alopecia: pharmacokinetics and effects on plasma androgen levels in
healthy male volunteers. Int J Clin Pharmacol Ther 2014;52:842-849 (exposures
from an abstract; the citation was recalled and wants checking).
"""

TOPICAL_AUC_NG_H_ML = 6.64
ORAL_AUC_NG_H_ML = 57.9
