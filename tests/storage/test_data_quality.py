"""Gaps, stale fields and contradictions of a day, counted on a real PostgreSQL."""

from pathlib import Path

from segmentation.synthetic import AS_OF, invent_people, write_csv, write_delivery
from storage.data_quality import data_quality
from storage.vault import Vault
from tests.storage.runs import import_folder, segment

PEOPLE = invent_people(30)
INTERVIEWS = ("cust_no", "occupation", "income", "district", "risk", "asked_on")


def test_gaps_stale_fields_and_contradictions_are_counted(database_url: str, vault: Vault, tmp_path: Path) -> None:
    write_delivery(tmp_path / "bank", PEOPLE, compress=False)
    first, second, third = (person.number for person in PEOPLE[:3])
    asked = [
        (first, "受雇", "中", "", "", "2019/09/01"),
        (second, "退休", "低", "", "", "2017-12-24"),
        (third, "学生", "", "", "", "2019-09-02"),
    ]
    write_csv(tmp_path / "bank", "interviews", INTERVIEWS, asked, compress=False)
    forms = [(first, "学生", "2017-03-04"), (second, "退休", "2017-08-01")]
    write_csv(tmp_path / "bank", "card_forms", ("cust_no", "occupation", "applied_on"), forms, compress=False)
    import_folder(database_url, vault, tmp_path / "bank")
    found = data_quality(database_url, segment(database_url).id, AS_OF)
    assert found.missing == {"deposits": 1}
    assert found.conflicts == {"occupation": 1}
    ageing = {each.name: (each.known, each.stale) for each in found.fields}
    assert (ageing["occupation"], ageing["income_band"]) == ((3, 1), (2, 1))
