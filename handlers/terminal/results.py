"""A promotion's results on the terminal: targets, arms beside the held-out, costs, the next version."""

from rich.box import SIMPLE
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from campaigns.members.model import Language
from campaigns.results.model import Result
from handlers.terminal.experiments import print_experiment
from handlers.wording import results as words


def print_result(found: Result, console: Console) -> None:
    """The verdict first, then the figures, then what the next version does."""
    console.print(escape(f"{found.title} · {found.code} v{found.version}"), style="bold")
    table = Table(title=f"{words.HEADS['targets'].zh} Targets", box=SIMPLE, padding=(0, 1, 0, 0))
    for name in ("", "target", "actual", "met"):
        table.add_column(name)
    for aim in found.aims:
        values = (words.measured(aim.measure, aim.target), words.measured(aim.measure, aim.value))
        table.add_row(words.MEASURES[aim.measure].en, *values, words.YES_NO[aim.is_met].en)
    console.print(table)
    for arm, units in found.course.units.items():
        console.print(escape(f"{arm}: {found.course.took_part.get(arm, 0):,} of {units:,} took part."))
    if found.evaluation is not None:
        print_experiment(found.evaluation, console)
    for each in found.course.channels:
        console.print(f"{each.channel}: {each.reached:,} reached, {each.cost_fen / 100:,.2f} yuan.")
    for gain in found.gains:
        cost = gain.cost_per_account_fen
        said = words.UNSURE.en if cost is None else f"{cost / 100:,.2f} yuan for one more account"
        console.print(escape(f"{gain.arm}: {said}."))
    for proposal in found.proposals:
        console.print(escape(words.proposal_words(proposal, Language.EN)))
