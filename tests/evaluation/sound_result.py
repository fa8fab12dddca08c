"""What holds for every result of scoring, whatever the inputs."""

from tuodi.evaluation.scoring import Result


def sound(result: Result) -> None:
    """Check what holds for every result: bounds, decimals, sums, and a finding for each missing score."""
    told = [finding.message for finding in result.findings if finding.is_error]
    for score in result.scores:
        leaf = score.indicator
        if score.points is None:
            assert any(message.startswith(f"{leaf.code} {leaf.name}：") for message in told)
            continue
        assert 0 <= score.points <= leaf.weight
        assert (score.points * 100).denominator == 1
        assert score.formula
        assert score.by_printed_rule is None or 0 <= score.by_printed_rule <= leaf.weight
    points = {score.indicator.code: score.points for score in result.scores}
    for group in result.groups:
        below = [points[leaf.code] for leaf in group.indicator.leaves()]
        assert group.points == (None if None in below else sum(filter(None, below)))
    fund = result.fund
    if fund is not None and fund.points is not None:
        assert 0 <= fund.points <= fund.row.weight and (fund.points * 100).denominator == 1
    counted = [*points.values(), *([fund.points] if fund is not None and fund.row.counts else [])]
    assert result.total == (None if None in counted else sum(filter(None, counted)))
    assert all(finding.sentence() for finding in result.findings)
