"""Experiments on the terminal: one JSON object, or tables of what differs, how sure that is, and what to mind."""

import json

from rich.box import SIMPLE
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from segmentation.experiments.model import Evaluation, Interval, OutcomeReading, Ranking, UpliftReading

LEGEND = (
    "in brackets the 95 % interval; p corrected over the variants (Holm); always valid: may be read at every look; "
    "smallest: what would be found with 80 % power"
)


def experiment_json(found: Evaluation) -> str:
    """The evaluation as one JSON object."""
    return json.dumps(found.as_json(), ensure_ascii=False, allow_nan=False)


def print_experiment(found: Evaluation, console: Console) -> None:
    """The evaluation for a person: the verdict first."""
    console.print(escape(found.verdict), style="bold")
    console.print(
        escape(f"{found.units:,} units of {found.rows:,} rows; control: {found.control.name} ({found.control.how}).")
    )
    ratio = found.sample_ratio
    shares = ", ".join(f"{name} {count:,} ({ratio.planned_shares[name]:.1%})" for name, count in ratio.counts.items())
    console.print(
        escape(f"Sample ratio: {shares}, {ratio.plan}; p = {ratio.p:.3g}, {'passed' if ratio.passed else 'FAILED'}.")
    )
    for reading in found.outcomes:
        console.print(_table(reading))
    for uplift in found.uplift:
        _print_uplift(uplift, console)
    for caution in found.cautions:
        console.print(escape(f"Mind: {caution}"), style="yellow")
    for note in found.notes:
        console.print(escape(note), style="dim")


def _table(reading: OutcomeReading) -> Table:
    table = Table(title=escape(f"{reading.outcome} ({reading.kind})"), caption=LEGEND, box=SIMPLE, padding=(0, 1, 0, 0))
    for at, name in enumerate(("variant", "n", "mean", "difference", "p", "always valid", "CUPED", "smallest")):
        table.add_column(name, justify="left" if at == 0 else "right")
    for each in reading.variants:
        always = f"{_span(each.always_valid.interval)} p {each.always_valid.p:.2g}" if each.always_valid else "–"
        cuped = f"{each.cuped.difference:.4g} {_span(each.cuped.interval)}" if each.cuped else "–"
        table.add_row(
            escape(each.variant),
            f"{each.n:,}",
            _figure(each.mean),
            f"{_figure(each.difference)} {_span(each.interval)}",
            "–" if each.p_adjusted is None else f"{each.p_adjusted:.2g}",
            always,
            cuped,
            _figure(each.smallest_effect),
        )
    return table


def _print_uplift(found: UpliftReading, console: Console) -> None:
    worth = "ranks better than chance" if found.worth_using else "ranks no better than chance: do not target by it"
    console.print(
        escape(f"Uplift of {found.variant} on {found.outcome}, {found.units:,} units: the two models' score {worth}.")
    )
    for name, ranking in (("two models", found.two_model), ("response alone", found.response)):
        console.print(escape(f"  {name}: {_ranking(ranking)}"))


def _ranking(ranking: Ranking) -> str:
    qini = f"Qini {ranking.qini:.4f} {_span(ranking.qini_interval)}, " if ranking.qini is not None else ""
    at_k = ", ".join(f"{each.k:.0%}: {_figure(each.uplift)}" for each in ranking.at_k)
    return f"{qini}area {ranking.area:.4g} {_span(ranking.area_interval)}; uplift among the first {at_k}"


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.4g}"


def _span(interval: Interval | None) -> str:
    return f"[{interval.low:.4g}, {interval.high:.4g}]" if interval else ""
