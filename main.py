"""The front door: every command of the product; each imports what it needs inside itself."""

import sys

import typer

from bot.commands import (
    answers,
    applications,
    audiences,
    card_events,
    catalogue,
    channels,
    check_text,
    customers,
    donations,
    draws,
    events,
    evidence,
    experiments,
    files,
    games,
    halts,
    indicators,
    journeys,
    models,
    next_actions,
    operations,
    outlook,
    owners,
    packs,
    partners,
    places,
    points,
    policies,
    programmes,
    promotions,
    publicity,
    rallies,
    recalls,
    referrals,
    rehearse,
    reminders,
    reports,
    results,
    running,
    service_clocks,
    topics,
    vouchers,
    watches,
)

app = typer.Typer(
    help="The assistant bot of a bank's merchant welfare groups.", no_args_is_help=True, pretty_exceptions_enable=False
)
for each in (
    running,
    customers,
    applications,
    service_clocks,
    owners,
    card_events,
    next_actions,
    experiments,
    results,
    programmes,
    check_text,
    files,
    indicators,
    reports,
    outlook,
    games,
    rehearse,
    operations,
    recalls,
    evidence,
):
    app.add_typer(each.commands)
app.add_typer(policies.commands, name="segment-policy")
app.add_typer(models.commands, name="model")
app.add_typer(donations.commands, name="donations")
app.add_typer(draws.commands, name="draw")
app.add_typer(answers.commands, name="answers")
app.add_typer(audiences.commands, name="audience")
app.add_typer(partners.commands, name="partners")
app.add_typer(places.commands, name="places")
app.add_typer(points.commands, name="points")
app.add_typer(promotions.commands, name="promotions")
app.add_typer(publicity.commands, name="publicity")
app.add_typer(referrals.commands, name="referral")
app.add_typer(rallies.commands, name="rally")
app.add_typer(reminders.commands, name="reminders")
app.add_typer(catalogue.commands, name="catalogue")
app.add_typer(vouchers.commands, name="vouchers")
app.add_typer(packs.commands, name="packs")
app.add_typer(channels.commands, name="channels")
app.add_typer(halts.commands, name="halts")
app.add_typer(watches.commands, name="watch")
app.add_typer(topics.commands, name="topics")
app.add_typer(journeys.commands, name="journeys")
app.add_typer(events.commands, name="events")


if __name__ == "__main__":
    sys.exit(app())
