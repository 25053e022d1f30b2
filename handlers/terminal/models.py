"""The register of models on the terminal: which one may say the potential, and why."""

import json
from typing import Any

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from campaigns.customers.champions import RegisteredModel, Standing, Why

STANDINGS = {
    Standing.ACTIVE: "says the potential of later days",
    Standing.RETIRED: "retired",
    Standing.NOT_BETTER: "did not beat the heuristic on its latest window",
    Standing.NOT_JUDGED: "not judged yet",
}

REASONS = {
    Why.BEATS_HEURISTIC: "a model beats it",
    Why.NO_MODEL: "no model is registered",
    Why.RETIRED: "the model was retired",
    Why.NOT_BETTER: "the model did not beat it on its latest window",
    Why.NOT_JUDGED: "no window before this day judged the model",
    Why.NOT_USABLE: "the model cannot be read, or says nothing of this delivery",
}


def models_json(models: list[RegisteredModel]) -> str:
    """Every model as one JSON object."""
    return json.dumps({"models": [model.as_json() for model in models]}, ensure_ascii=False)


def print_models(models: list[RegisteredModel], console: Console) -> None:
    """Every model with its latest judgement, for a person."""
    if not models:
        console.print("No model is known: the documented heuristic says the potential. See model accept.")
        return
    table = Table(title="模型 Models", box=SIMPLE, padding=(0, 1, 0, 0))
    for name in ("model", "bank", "trained on", "judged on", "leads by", "by", "standing"):
        table.add_column(name)
    for model in models:
        judged = model.judged_before(None)
        lead = judged.metrics["comparison"]["lead"]["heuristic"] if judged else None
        table.add_row(
            model.digest[:12],
            model.profile,
            str(model.trained_on),
            str(judged.as_of) if judged else "–",
            f"{lead['value']:+.3f} ({lead['low']:+.3f}–{lead['high']:+.3f})" if lead else "–",
            model.retired_by or model.accepted_by,
            STANDINGS[model.standing()],
        )
    console.print(table)


def potential_words(said: dict[str, Any]) -> str:
    """Where a run took the potential from, and why."""
    if said["from"] == "model":
        return (
            f"Potential: from model {said['model'][:12]}, trained on {said['trained_on']}; it beat the documented "
            f"heuristic on the window of {said['judged_on']}."
        )
    named = f" (model {said['model'][:12]})" if said["model"] else ""
    return f"Potential: from the documented heuristic; {REASONS[Why(said['why'])]}{named}."
