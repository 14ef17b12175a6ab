"""Blood flow of the fat below the scalp (Klemp, Peters and Hansted 1989).

References
----------
Klemp P, Peters K, Hansted B. Subcutaneous blood flow in early male pattern baldness. J Invest
Dermatol 1989;92:725-726: 13.7 (SD 9.6) in early baldness, 35.7 (SD 10.5) mL/(100 g min) without.
"""

BALDING_ML_100G_MIN = 13.7
HAIRY_ML_100G_MIN = 35.7
