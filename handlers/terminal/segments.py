"""Classes on the terminal: sizes, assets and activity per class, how letters stand to values, lists, migration."""

import json
from typing import Any

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from campaigns.customers.class_lists import ClassLine, ClassLists, Migration
from campaigns.customers.model import Band, ClassReason, Letter, Lifecycle
from campaigns.customers.segments import SegmentationRun
from campaigns.members.model import Language
from handlers.terminal.enterprises import print_tiers
from handlers.terminal.models import potential_words
from handlers.terminal.next_actions import print_action_report
from handlers.wording.indicators import CHANNELS, channel_name
from handlers.wording.segments import BANDS, LIFECYCLES, left_out_words, letter_name, reason_words, yuan

COLUMNS = (
    "class",
    "customers",
    "share",
    "assets, M",
    "median",
    "gate",
    "log in",
    "moves",
    "age",
    "value, M",
    "cur.",
    "pot.",
    "sure",
)
LEGEND = (
    "assets in million yuan, median in yuan; gate: customers over the line to the middle band; moves: median transfers "
    "of the quarter; value: current value in million yuan a year; cur. and pot.: mean scores of both values 0–100; "
    "sure: mean confidence 0–1"
)
TERCILES = {"0": "potential low", "1": "middle", "2": "high"}


def run_json(run: SegmentationRun, lists: ClassLists, migration: Migration | None) -> str:
    """The run as one JSON object."""
    beside = {"lists": lists.as_json(), "migration": migration.as_json() if migration else None}
    return json.dumps({**run.as_json(), **beside}, ensure_ascii=False)


def print_run(run: SegmentationRun, lists: ClassLists, migration: Migration | None, console: Console) -> None:
    """The run for a person."""
    news = "" if run.is_new else " (nothing changed since this run, so it was not made again)"
    console.print(f"Classes as of {run.key.as_of}, {run.key.classifier}, policy {run.key.policy_version}{news}.")
    table = _table("客户分类 Classes", COLUMNS)
    table.caption = LEGEND
    for entry in run.summary:
        table.add_row(*_cells(entry))
    console.print(table)
    _print_channels(run.summary, console)
    if run.report:
        _print_report(run.report, console)
        if "next_actions" in run.report:
            print_action_report(run.report["next_actions"], console)
    _print_lines("流失关注(B类) Class B to watch, by churn score × assets", lists.watched, console, of_churn=True)
    _print_lines("C类可发展客户 Class C worth developing", lists.to_develop, console)
    _print_lines("类别与象限不一致 Letter apart from the quadrant of both values", lists.apart, console)
    if migration:
        print_migration(migration, console)


def print_migration(found: Migration, console: Console) -> None:
    """The matrix between two runs."""
    table = _table(
        f"迁移矩阵 Migration {found.earlier} → {found.later}",
        ("from \\ to", *(name if name in "ABCD" else "left" for name in found.matrix)),
    )
    for letter, row in found.matrix.items():
        table.add_row(letter if letter in "ABCD" else "came", *(f"{heads:,}" for heads in row.values()))
    console.print(table)
    if found.kept is not None:
        console.print(f"{found.kept:.1%} of those in both runs keep their letter.")


def _print_report(report: dict[str, Any], console: Console) -> None:
    console.print(f"Compared by {', '.join(report['dimensions'])}; scaler of {report['scaler']['fitted_on']}.")
    if report["left_out"]:
        console.print(f"Left out for everybody: {'; '.join(left_out_words(report['left_out'], Language.EN))}.")
    console.print(
        f"{report['provisional']:,} letters are provisional (new customers), {report['held_by_margin']:,} are held by "
        f"the margin, {report['apart_from_quadrant']:,} differ from the quadrant of both values, "
        f"{report['watched']:,} of class B are on the churn watch."
    )
    if "potential" in report:
        console.print(potential_words(report["potential"]), highlight=False)
    bounds = " / ".join(f"{bound:g}" for bound in report["tercile_bounds"])
    bands = {band.value: BANDS[band].say(Language.EN) for band in Band}
    stages = {stage.value: LIFECYCLES[stage].say(Language.EN) for stage in Lifecycle}
    console.print(_counts(f"类别 × 潜在价值三分位 Class × potential tercile ({bounds})", report["terciles"], TERCILES))
    quadrants = {letter: f"quadrant {letter}" for letter in "ABCD"}
    console.print(_counts("类别 × 价值象限 Class × quadrant of both values", report["quadrants"], quadrants))
    console.print(_counts("资产分档 Bands", report["bands"], bands))
    console.print(_counts("生命周期 Lifecycle", report["lifecycles"], stages))
    if report.get("enterprises"):
        print_tiers(report["enterprises"], console)
    for line in drift_alarms(report):
        console.print(line, style="yellow", highlight=False)


def drift_alarms(report: dict[str, Any]) -> list[str]:
    """One line for every indicator whose customers are not those of the run before any more."""
    return [
        f"Drift alarm: {indicator} moved far since {report['drift_since']} (population stability index "
        f"{moved['psi']:.2f}); see whether the delivery or the customers changed."
        for indicator, moved in report.get("drift", {}).items()
        if moved["level"] == "alarm"
    ]


def _print_channels(summary: list[dict[str, Any]], console: Console) -> None:
    """Who is active where; a channel that no department counts is left out."""
    active = {entry["letter"]: entry["channels"] for entry in summary if entry.get("channels")}
    channels = [channel for channel in CHANNELS if any(channel in found for found in active.values())]
    if not channels:
        return
    names = (channel_name(channel, Language.EN) for channel in channels)
    table = _table("渠道活跃度 Active in each channel this quarter, share of customers", ("class", *names))
    for letter, found in active.items():
        table.add_row(letter, *(f"{found[each]['active']:.0%}" if each in found else "–" for each in channels))
    console.print(table)


def _counts(title: str, counted: dict[str, dict[str, int]], kinds: dict[str, str]) -> Table:
    table = _table(title, ("class", *kinds.values()))
    for letter, row in counted.items():
        table.add_row(letter, *(f"{row[kind]:,}" for kind in kinds))
    return table


def _print_lines(title: str, lines: tuple[ClassLine, ...], console: Console, *, of_churn: bool = False) -> None:
    if not lines:
        return
    table = _table(title, ("customer", "class", "value a year", "potential", "churn", "why"))
    for line in lines:
        reasons = line.churn_reasons if of_churn else line.reasons
        why = [reason_words(reason, Language.ZH) for reason in _speaking_for(reasons)]
        value = "–" if line.current_value is None else yuan(line.current_value)
        churn = "–" if line.churn is None else f"{line.churn:.0f}"
        table.add_row(line.number, line.letter, value, f"{line.potential:.0f}", churn, "；".join(why))
    console.print(table)


def _speaking_for(reasons: tuple[ClassReason, ...]) -> tuple[ClassReason, ...]:
    """Up to two reasons that speak for what is listed, or the strongest where none does."""
    return tuple(reason for reason in reasons if reason.points > 0)[:2] or reasons[:1]


def _table(title: str, columns: tuple[str, ...]) -> Table:
    table = Table(title=title, box=SIMPLE, padding=(0, 1, 0, 0))
    for at, column in enumerate(columns):
        table.add_column(column, justify="left" if at == 0 or column == "why" else "right", no_wrap=at == 0)
    return table


def _cells(entry: dict[str, Any]) -> tuple[str, ...]:
    letter = Letter(entry["letter"])
    name = f"{letter_name(letter, Language.ZH)} {letter_name(letter, Language.EN).removeprefix(letter).strip()}"
    if not entry["customers"]:
        return (name, "0", *["–"] * (len(COLUMNS) - 2))
    return (
        name,
        f"{entry['customers']:,}",
        f"{entry['share']:.1%}",
        f"{entry['assets_fen'] / 100e6:,.0f}",
        f"{entry['assets_median_fen'] / 100:,.0f}",
        f"{entry['over_gate']:,}",
        f"{entry['log_in_share']:.0%}",
        _number(entry["transfers_median"]),
        _number(entry["age_median"]),
        f"{entry['current_value_fen'] / 100e6:,.1f}",
        f"{entry['current_mean']:.1f}",
        f"{entry['potential_mean']:.1f}",
        f"{entry['confidence_mean']:.2f}",
    )


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:g}"
