"""Where a run takes the potential from: the champion of the kept models, applied to a stored day."""

from datetime import date, datetime

import pandas as pd
import psycopg

from campaigns.customers.champions import Choice, choose
from segmentation.foretold import Foretold
from storage.champions import SqlChampionStore


class SqlPotentials:
    """Implements `campaigns.customers.potentials.PotentialStore`, inside the caller's transaction.

    With `known_by` the models and judgements of that moment count.
    """

    def __init__(self, connection: psycopg.Connection, known_by: datetime | None = None) -> None:
        self._connection = connection
        self._known_by = known_by
        self._champions = SqlChampionStore(connection)

    def choose(self, as_of: date) -> Choice:
        """The model that says the potential of a day, or why none does."""
        models = self._champions.models(self._known_by)
        return choose(models, self._profile_of(as_of) if models else None, as_of)

    def foretell(self, digest: str, as_of: date, features: pd.DataFrame, heuristic: pd.Series) -> Foretold:
        """What a kept model says of a day's customers; see `segmentation.outlook.potential.foretell`.

        Raises:
            DeliveryRefusedError: the model cannot be read any more, or says nothing of such a day.
        """
        # The libraries of learning cost seconds, and a bank without a model need not wait for them.
        from segmentation.outlook.modelfile import read_model
        from segmentation.outlook.potential import foretell
        from storage.delivered import delivered_day

        model = read_model(self._champions.body(digest), digest[:12])
        delivered = delivered_day(self._connection, as_of, model.profile)
        return foretell(model, delivered.of(features.index), features, heuristic)

    def _profile_of(self, as_of: date) -> str | None:
        """The profile of the latest delivery of a day."""
        row = self._connection.execute(
            "SELECT profile FROM intakes WHERE as_of = %s ORDER BY published_at DESC LIMIT 1", [as_of]
        ).fetchone()
        return str(row[0]) if row else None
