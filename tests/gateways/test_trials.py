"""Trials files: read, or refused with file, line and reason."""

import pytest

from openmeso.gateways.knowledge import KnowledgeError
from openmeso.gateways.trials import read_trials, survey_trials

HEADER = (
    "row_id,study_key,intervention_class,outcome_family,outcome_unit,followup_week,n_arm,"
    "change_mean,arm_label\n"
)


@pytest.fixture
def file(tmp_path):
    def write(text):
        path = tmp_path / "trials.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def test_own_rows_are_read_with_their_citation():
    rows = {row.design.row_id: row for row in read_trials()}
    assert len(rows) == 174
    olsen = rows["R0023"]
    assert olsen.design.study_key == "Olsen2002"
    assert olsen.design.n_arm == 139
    assert olsen.outcome.change_mean == 18.6
    assert olsen.outcome.dispersion_type == "SD"
    assert olsen.source_url.startswith("https://")
    assert all(row.source_url for row in rows.values())


def test_blank_and_missing_outcomes_are_none(file):
    path = file(HEADER + "R1,A,topical_minoxidil,density,hairs/cm2,24,,,5 %\n\n")
    (row,) = read_trials(path)
    assert row.design.n_arm is None
    assert row.design.followup_week == 24
    assert row.outcome.change_mean is None
    assert row.outcome.baseline_mean is None
    assert row.line == 2


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        (",A,c,density,u,24,5,1,x", "trials.csv:2: row_id: is empty"),
        ("R1,A,c,density,u,soon,5,1,x", "followup_week: expected a number; got 'soon'"),
        ("R1,A,c,density,u,24,5,nan,x", "change_mean: expected a number; got 'nan'"),
        ("R1,A,c,density,u,-4,5,1,x", "followup_week: must be 0 or more; got -4"),
        ("R1,A,c,density,u,24,5.5,1,x", "n_arm: expected a count of patients; got '5.5'"),
        ("R1,A,c,density,u,24,0,1,x", "n_arm: expected a count of patients; got '0'"),
        ('R0,A,c,density,u,24,5,1,"two\nlines"\nR0,A,c,density,u,24,5,1,x', "trials.csv:4: row_id"),
    ],
)
def test_a_bad_row_is_told_with_line_and_reason(file, cells, fault):
    with pytest.raises(KnowledgeError) as refused:
        read_trials(file(HEADER + cells + "\n"))
    assert fault in str(refused.value)


def test_a_survey_keeps_the_good_rows(file):
    bad_and_good = "R1,A,c,density,u,soon,5,1,x\nR2,A,c,density,u,24,5,1,x\n"
    reading = survey_trials(file(HEADER + bad_and_good))
    assert [row.design.row_id for row in reading.rows] == ["R2"]
    assert [(fault.line, fault.path) for fault in reading.faults] == [(2, "followup_week")]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("row_id,study_key\n", "lacks the columns intervention_class"),
        ("", "lacks the columns row_id"),
        (HEADER + "R1,A\n", "trials.csv:2: has 2 cells; the header has 9"),
        (HEADER + 'R1,"A\n', "is not CSV"),
        (b"\xff\xfe", "is not UTF-8 text"),
    ],
)
def test_an_unreadable_file_is_refused(file, text, reason):
    with pytest.raises(KnowledgeError) as refused:
        survey_trials(file(text))
    assert reason in str(refused.value)
