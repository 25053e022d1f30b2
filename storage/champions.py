"""Models and the judgements on them in the database; synchronous, for commands and jobs."""

from dataclasses import replace
from datetime import UTC, datetime

import psycopg
from psycopg.types.json import Jsonb

from campaigns.customers.champions import Candidate, Judgement, RegisteredModel


class SqlChampionStore:
    """Implements `campaigns.customers.champions.ChampionStore`, inside the caller's transaction."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def models(self, known_by: datetime | None = None) -> list[RegisteredModel]:
        """Every model with all its judgements, the last accepted first; as known at a moment, where one is given.

        A model that was retired later still stood then.
        """
        moment = {"moment": known_by or datetime.max.replace(tzinfo=UTC)}
        judgements: dict[str, list[Judgement]] = {}
        for digest, *facts in self._connection.execute(
            """SELECT digest, as_of, holds, made_by, made_at, metrics FROM model_judgements
               WHERE made_at <= %(moment)s ORDER BY as_of DESC, made_at DESC""",
            moment,
        ):
            judgements.setdefault(digest, []).append(Judgement(*facts))
        rows = self._connection.execute(
            """SELECT digest, profile, trained_on, accepted_by, accepted_at,
                   CASE WHEN retired_at <= %(moment)s THEN retired_by END,
                   CASE WHEN retired_at <= %(moment)s THEN retired_at END
               FROM outlook_models WHERE accepted_at <= %(moment)s ORDER BY accepted_at DESC, digest""",
            moment,
        ).fetchall()
        return [replace(RegisteredModel(*row), judgements=tuple(judgements.get(row[0], ()))) for row in rows]

    def body(self, digest: str) -> bytes:
        """The model's file."""
        row = self._connection.execute("SELECT body FROM outlook_models WHERE digest = %s", [digest]).fetchone()
        assert row is not None
        return bytes(row[0])

    def keep_model(self, candidate: Candidate, by: str, now: datetime) -> None:
        """Keep a model's file, with who first accepted it; accepted again, it is no longer retired."""
        self._connection.execute(
            """INSERT INTO outlook_models (digest, profile, trained_on, body, accepted_by, accepted_at)
               VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (digest) DO UPDATE
               SET retired_by = NULL, retired_at = NULL""",
            [candidate.digest, candidate.profile, candidate.trained_on, candidate.body, by, now],
        )

    def keep_judgement(self, digest: str, outcome: str, judged: Judgement) -> None:
        """Keep a judgement; the same window with the same outcome file is judged anew."""
        self._connection.execute(
            """INSERT INTO model_judgements (digest, as_of, outcome, holds, metrics, made_by, made_at)
               VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (digest, as_of, outcome) DO UPDATE
               SET holds = excluded.holds, metrics = excluded.metrics,
                   made_by = excluded.made_by, made_at = excluded.made_at""",
            [digest, judged.as_of, outcome, judged.holds, Jsonb(judged.metrics), judged.made_by, judged.made_at],
        )

    def retire(self, digest: str, by: str, now: datetime) -> None:
        """Write down who took the model out of use, and when."""
        self._connection.execute(
            "UPDATE outlook_models SET retired_by = %s, retired_at = %s WHERE digest = %s", [by, now, digest]
        )
