"""`check-text`: a verdict per line, unreadable lines named by number, files as offices save them."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from main import app

LINES = (
    '{"id": "a", "text": "本产品保本保息", "kind": "wealth"}\n'
    '{"id": 2, "text": "最低还款额见账单", "kind": "card", "venue": "private"}\n'
)


def told(file: Path, *options: str) -> tuple[int, list[dict[str, object]], str]:
    result = CliRunner().invoke(app, ["check-text", str(file), *options])
    return result.exit_code, [json.loads(line) for line in result.stdout.splitlines()], result.stderr


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_every_line_has_its_verdict_whatever_the_office_saved_it_as(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "texts.jsonl"
    file.write_bytes(LINES.replace("\n", "\r\n").encode(encoding))
    code, verdicts, said = told(file)
    assert code == 0
    assert [(each["id"], each["verdict"]) for each in verdicts] == [("a", "block"), (2, "pass")]
    hits = verdicts[0]["hits"]
    assert isinstance(hits, list)
    assert {hit["rule"] for hit in hits} >= {"guarantee", "risk_notice"}
    assert all("本产品保本保息"[slice(*hit["span"])] == hit["words"] and hit["basis"] and hit["advice"] for hit in hits)
    assert said == ("" if encoding.startswith("utf-8") else f"{file} is read as {encoding.upper()}.\n")


def test_an_unreadable_line_is_named_and_the_others_are_judged(tmp_path: Path) -> None:
    file = tmp_path / "texts.jsonl"
    bad = '{"id": 3\n[1]\n\n{"text": "无"}\n{"id": 4, "text": 5}\n{"id": 5, "text": "好", "risk_level": "R9"}\n'
    file.write_text(LINES + bad, "utf-8")
    code, verdicts, said = told(file, "--english", "--summary")
    assert code == 2
    assert len(verdicts) == 2
    assert [line.split(":")[0] for line in said.splitlines()[:-1]] == ["Line 3", "Line 4", "Line 6", "Line 7", "Line 8"]
    assert "risk_level is 'R9'; it must be R1 to R5" in said
    assert said.splitlines()[-1] == "1 block, 0 warn, 1 pass, 5 unreadable"


def test_an_empty_file_a_missing_one_and_a_bad_lexicon_are_told_in_one_sentence(tmp_path: Path) -> None:
    file, lexicon = tmp_path / "texts.jsonl", tmp_path / "words.yaml"
    file.write_text("\n\n", "utf-8")
    lexicon.write_text("version: 1\nrules: [", "utf-8")
    for given in ([str(file)], [str(tmp_path / "none.jsonl")], [str(file), "--lexicon", str(lexicon)]):
        result = CliRunner().invoke(app, ["check-text", *given])
        assert (result.exit_code, result.stdout) == (2, "")
        assert len(result.stderr.strip().splitlines()) == 1
