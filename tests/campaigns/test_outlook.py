"""Files alone and the database say the same of a customer, so that both give the same classes."""

from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import psycopg

from campaigns.customers.intake import IntakeReport, IntakeService
from segmentation.features import build_features
from segmentation.intake.profiles import load_profile
from segmentation.outlook.delivered import read_delivery
from segmentation.outlook.snapshot import snapshot
from segmentation.synthetic import AS_OF, invent_people, write_delivery
from storage.frames import snapshot_frame
from storage.intakes import open_intakes
from storage.vault import Vault


class Unwatched:
    """Nobody looks on."""

    def expect(self, steps: int) -> None: ...

    def begin(self, step: str) -> None: ...


def test_files_alone_give_the_features_that_the_database_gives(tmp_path: Path, database_url: str, vault: Vault) -> None:
    write_delivery(tmp_path, invent_people(60))
    with open_intakes(database_url, vault) as store:
        service = IntakeService(store, Unwatched(), datetime(2026, 1, 5, 9, tzinfo=UTC))
        assert isinstance(service.import_delivery(tmp_path, "cn-bank", AS_OF, 0.0), IntakeReport)
    with psycopg.connect(database_url) as connection:
        stored = build_features(snapshot_frame(connection, AS_OF, "Asia/Shanghai").set_index("number"))
    read = build_features(snapshot(read_delivery(tmp_path, load_profile("cn-bank"), AS_OF, 0.0)))
    pd.testing.assert_frame_equal(stored.sort_index(), read.sort_index())
