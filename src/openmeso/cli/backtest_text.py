"""A backtest to read, and the same as plain data."""

from dataclasses import asdict
from typing import Any

from openmeso.science.forecast.backtest import HEADLINE, Backtest, Outlook
from openmeso.science.forecast.quantity import Kind
from openmeso.science.forecast.score import Block

_DIGITS = 4


def backtest_data(made: Backtest) -> dict[str, Any]:
    """The scores of the headline family, of each family, every forecast and every refusal."""
    return {
        "unit": HEADLINE.unit,
        **_block(made.block()),
        "families": {
            kind.value: {
                "unit": kind.unit,
                "forecast": len(made.of(kind)),
                **_block(made.block(kind)),
            }
            for kind in Kind
            if made.of(kind)
        },
        "rows": [_row(one) for one in made.outlooks],
        "not_forecast": [
            {"row_id": row.design.row_id, "line": row.line, "reason": reason}
            for row, reason in made.refused
        ],
    }


def _block(block: Block) -> dict[str, Any]:
    return {
        name: value if value is None or name == "n" else round(value, _DIGITS)
        for name, value in asdict(block).items()
    }


def _row(one: Outlook) -> dict[str, Any]:
    made, design, scored = one.forecast, one.row.design, one.scored()
    return {
        "row_id": design.row_id,
        "line": one.row.line,
        "study_key": design.study_key,
        "intervention_class": design.intervention_class,
        "followup_week": design.followup_week,
        "family": made.quantity.kind.value,
        "unit": made.quantity.kind.unit,
        "predicted": round(made.change, _DIGITS),
        "interval_50": [round(made.low_50, _DIGITS), round(made.high_50, _DIGITS)],
        "interval_90": [round(made.low_90, _DIGITS), round(made.high_90, _DIGITS)],
        "naive_zero": 0.0,
        "naive_class": round(one.naive.mean, _DIGITS),
        "naive_class_rows": one.naive.rows,
        "observed": None if one.found is None else round(one.found, _DIGITS),
        "crps": None if scored is None else round(scored.crps, _DIGITS),
        "within_50": None if scored is None else scored.within_50,
        "within_90": None if scored is None else scored.within_90,
        "calibrated_on": one.calibrated_on,
        "unseen_class": made.unseen_class,
        "assumed": list(made.assumed),
    }


def backtest_text(made: Backtest) -> str:
    """A line a row, a table of scores, and the rows without a forecast with the reason."""
    lines = [
        f"{'row':8}{'study':20}{'family':24}{'found':>8}{'forecast':>10}   50 %           90 %"
    ]
    lines += [_line(one) for one in made.outlooks]
    lines += ["", _HEAD]
    lines += [_scores(kind, made.block(kind)) for kind in Kind if made.of(kind)]
    known = sum(one.calibrated_on for one in made.outlooks)
    if known:
        lines += ["", f"{known} rows are of studies that the calibration has seen (*): no test."]
    if made.refused:
        lines += ["", "Not forecast:"]
        lines += [f"{row.design.row_id:8}line {row.line}: {reason}" for row, reason in made.refused]
    return "\n".join(lines)


def _line(one: Outlook) -> str:
    made, design = one.forecast, one.row.design
    found = "" if one.found is None else f"{one.found:.1f}"
    name = design.study_key[:17] + ("*" if one.calibrated_on else "")
    return (
        f"{design.row_id:8}{name:20}{made.quantity.kind.value:24}{found:>8}{made.change:10.1f}   "
        f"{made.low_50:6.1f}{made.high_50:7.1f}  {made.low_90:6.1f}{made.high_90:7.1f}"
    )


_HEAD = (
    f"{'family':24}{'unit':18}{'n':>4}{'MAE':>8}{'zero':>8}{'class':>8}"
    f"{'50 %':>7}{'90 %':>7}{'CRPS':>8}{'class':>8}"
)


def _scores(kind: Kind, block: Block) -> str:
    if block.mae is None or block.coverage_50 is None or block.coverage_90 is None:
        return f"{kind.value:24}{kind.unit:18}{0:4}"
    return (
        f"{kind.value:24}{kind.unit:18}{block.n:4}{block.mae:8.2f}{block.naive_zero_mae:8.2f}"
        f"{block.naive_class_mae:8.2f}{100 * block.coverage_50:7.0f}{100 * block.coverage_90:7.0f}"
        f"{block.crps:8.2f}{block.naive_class_crps:8.2f}"
    )
