"""Merchants and templates from the command line: whole files or nothing, one sentence for a mistake."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.operations import OperationRefusedError
from bot.operations.places import keep, merchants, read_places, set_template
from campaigns.places.model import Spot
from handlers.terminal.places import merchants_json

NOW = datetime(2026, 11, 21, 4, tzinfo=UTC)


def test_a_csv_of_merchants_is_kept_once(database_url: str, tmp_path: Path) -> None:
    file = tmp_path / "places.csv"
    file.write_text("商户,社区,支行\n老王面馆,幸福里,城东支行\n米店,阳光里\n", "utf-8-sig")
    for _ in range(2):
        keep(database_url, read_places(file))
    keep(database_url, [Spot("米店", branch="城西支行"), Spot("米店", "滨江")])
    found = {(each.name, each.community, each.branch) for each in merchants(database_url)}
    assert found == {("老王面馆", "幸福里", "城东支行"), ("米店", "阳光里", "城西支行"), ("米店", "滨江", None)}
    partners = {each.name: each.partner_id for each in merchants(database_url)}
    assert len(set(partners.values())) == 2
    assert '"community": "幸福里"' in merchants_json(merchants(database_url))


@pytest.mark.parametrize(
    ("content", "complaint"),
    [("米店\n,没有\n".encode(), "line 2 names no merchant"), ("米店".encode("gb18030"), "no UTF-8 text")],
)
def test_a_csv_that_cannot_be_read_is_refused_with_its_line(tmp_path: Path, content: bytes, complaint: str) -> None:
    file = tmp_path / "places.csv"
    file.write_bytes(content)
    with pytest.raises(OperationRefusedError, match=complaint):
        read_places(file)


def test_a_template_comes_from_yaml_and_a_wrong_one_changes_nothing(database_url: str, tmp_path: Path) -> None:
    file = tmp_path / "template.yaml"
    file.write_text('capacity: 500\nwelcomes:\n  - {text: "夜里好", from: "22:00", until: "06:00"}\n', "utf-8")
    assert set_template(database_url, file, Spot("米店"), NOW).capacity == 500
    for wrong in ("- 1", "capacity: many", "capacity: [", "colour: red"):
        file.write_text(wrong, "utf-8")
        with pytest.raises(OperationRefusedError, match=r"template\.yaml"):
            set_template(database_url, file, None, NOW)
