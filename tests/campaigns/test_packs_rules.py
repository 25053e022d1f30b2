"""Packs: the file with every fault named, for whom they are, the ladder, the way to a higher limit, rounds, words."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from campaigns.catalogue.files import read_catalogue
from campaigns.catalogue.model import Profile
from campaigns.customers.enterprises import Tier
from campaigns.customers.model import Letter, Lifecycle
from campaigns.forms.faults import FileError
from campaigns.members.model import Language
from campaigns.offers.model import Text
from campaigns.packs.files import plain, read_packs, restored, unknown
from campaigns.packs.model import Every, LimitRule, PackCard, Scene, Standing
from campaigns.packs.rules import is_for, limit_progress, next_step, round_of
from campaigns.vouchers.files import read_book
from handlers.wording.audiences import LEXICON
from handlers.wording.pack_files import fault
from handlers.wording.packs import IN_GROUP, PackWords, cards

FOLDER = Path(__file__).resolve().parents[2] / "campaigns"
EXAMPLE = (FOLDER / "packs" / "example.yaml").read_text("utf-8")
FILE = read_packs(EXAMPLE, LEXICON)
OF_D = ("payment", "co-branded", "festival", "dining")
AT_HOME = ("payment", "education", "daily-bills", "shopping", "home-and-wedding")
PRODUCTS = read_catalogue((FOLDER / "catalogue" / "example.yaml").read_text("utf-8")).products
BOOK = read_book((FOLDER / "vouchers" / "example.yaml").read_text("utf-8"), LEXICON)


def test_the_example_is_read_back_as_it_was_kept_and_names_only_what_there_is() -> None:
    assert restored(plain(FILE)) == FILE
    assert unknown(FILE, BOOK.plans, PRODUCTS) == []
    assert unknown(FILE, BOOK.plans, {})[0] == ("packs.1.products", "cash-wealth")


@pytest.mark.parametrize(
    ("profile", "codes"),
    [
        (Profile(letter=Letter.D, lifecycle=Lifecycle.NEW), ["newcomer", *OF_D]),
        (Profile(letter=Letter.A), [*AT_HOME, "co-branded", "dining"]),
        (Profile(letter=Letter.B, lifecycle=Lifecycle.GROWING), ["growing", "payment", "education", "travel"]),
        (Profile(letter=Letter.C, lifecycle=Lifecycle.MATURE), ["mature", "payment", "pension", "medical"]),
        (Profile(letter=Letter.D, lifecycle=Lifecycle.CHURN_WARNING), ["come-back", *OF_D]),
        (Profile(tier=Tier.STRATEGIC), ["payment", "strategic"]),
        (Profile(tier=Tier.KEY), ["payment", "key-firms"]),
        (Profile(tier=Tier.GENERAL), ["payment", "other-firms"]),
    ],
)
def test_each_stage_scene_and_tier_has_its_pack(profile: Profile, codes: list[str]) -> None:
    assert [code for code, pack in FILE.packs.items() if is_for(pack, profile, belongs=True)] == codes
    assert not any(is_for(pack, profile, belongs=False) for pack in FILE.packs.values())


def test_every_scene_of_the_papers_has_a_pack() -> None:
    assert {pack.scene for pack in FILE.packs.values() if pack.scene} == set(Scene)


@pytest.mark.parametrize(
    ("standing", "step"),
    [
        (Standing(), "demand-plus"),
        (Standing(deposits=1), "steady-wealth"),
        (Standing(deposits=1, wealth=1), "index-fund"),
        (Standing(deposits=1, wealth=1, funds=1), None),
    ],
)
def test_a_ladder_names_the_first_step_of_which_nothing_is_held(standing: Standing, step: str | None) -> None:
    found = next_step([PRODUCTS[code] for code in FILE.packs["growing"].products], standing)
    assert (found and found.code) == step


def test_a_limit_comes_nearer_by_uses_and_by_investments_that_grow_and_deposits_count_for_nothing() -> None:
    rule = LimitRule(10, 5)
    for standing, growth, reached in (
        (Standing(uses=10, investments=105, before=100), 5, True),
        (Standing(uses=9, investments=105, before=100), 5, False),
        (Standing(uses=10, investments=104, before=100, deposits=10**9), 4, False),
        (Standing(uses=10, investments=99, before=100), -1, False),
        (Standing(uses=10, investments=99), None, False),
    ):
        found = limit_progress(rule, standing)
        assert (found.growth, found.is_reached) == (growth, reached)


def test_a_round_is_a_quarter() -> None:
    days = [date(2026, 1, 1), date(2026, 3, 31), date(2026, 4, 1), date(2026, 12, 31)]
    assert [round_of(Every.QUARTER, day) for day in days] == ["2026Q1", "2026Q1", "2026Q2", "2026Q4"]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("    scene: payment\n", "", "needs_scene"),
        ("for: { tier: key }", "for: all", "needs_tier"),
        ("    for: { lifecycle: mature }", "    for: all", "round_for_classes"),
        ("    products: [merchant-qr, shop-loan]\n", "", "empty"),
        ("季度资产诊断：", "保本保收益：", "forbidden_word"),
        ("code: growing", "code: newcomer", "twice"),
        ("ladder: true", "ladder: true\n    audience: class == nonsense", "bad_audience"),
    ],
)
def test_what_is_wrong_is_named_with_its_place_in_both_languages(old: str, new: str, code: str) -> None:
    with pytest.raises(FileError) as caught:
        read_packs(EXAMPLE.replace(old, new, 1), LEXICON)
    [found] = caught.value.faults
    assert (found.code, found.line > 0) == (code, True)
    assert all(fault(found, language) for language in Language)


@pytest.mark.parametrize("language", Language)
def test_a_card_says_why_without_inner_words_and_a_group_reads_no_amounts(language: Language) -> None:
    pack = FILE.packs["come-back"]
    card = PackCard(pack, 1, Profile(letter=Letter.D, lifecycle=Lifecycle.CHURN_WARNING), (), (), ())
    said = cards([card], language)
    assert ("往来减少" if language is Language.ZH else "less of late") in said
    assert not any(word in said for word in ("流失", "churn"))
    assert not any(letter.isdigit() for letter in IN_GROUP.say(language))
    assert "packs" in str(PackWords().round(FILE.packs["mature"], language).payload())


def test_packs_that_fill_more_than_a_message_leave_the_last_ones_out_and_keep_their_risk_notices() -> None:
    pack, product = FILE.packs["growing"], PRODUCTS["steady-wealth"]
    sold = [replace(product, notice=Text(f"{at:02}{'险' * 148}", "-"), terms=Text("条" * 200, "-")) for at in range(32)]
    found = [
        PackCard(replace(pack, ladder=False), 1, Profile(), (), (), tuple(sold[at : at + 8])) for at in range(0, 32, 8)
    ]
    said = cards(found, Language.ZH)
    assert len(said) <= 4096
    assert all(each.notice.zh in said for each in sold[:8] if each.notice)


def test_a_file_that_is_too_long_is_refused_and_never_read_in_part() -> None:
    with pytest.raises(FileError) as caught:
        read_packs(EXAMPLE + "# " + "长" * 50_000, LEXICON)
    assert "50000" in fault(caught.value.faults[0], Language.EN)
