"""The file of vouchers: read whole, written back the same, deposits and gifts for investments blocked with advice."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from campaigns.compliance.verdicts import Context, Venue
from campaigns.compliance.words import check
from campaigns.forms.faults import FileError, FileFault
from campaigns.members.model import Language, Member
from campaigns.offers.model import Text
from campaigns.vouchers.faults import VoucherFault
from campaigns.vouchers.files import plain, read_book, restored, written
from campaigns.vouchers.model import Movement, MovementKind, Voucher, VoucherRefusal
from campaigns.vouchers.reading import fen_of
from campaigns.vouchers.service import Held, Offered
from handlers.wording.audiences import LEXICON
from handlers.wording.voucher_files import fault, objections
from handlers.wording.voucher_pages import rule_page
from handlers.wording.vouchers import VoucherWords, mine

EXAMPLE = (Path(__file__).resolve().parents[2] / "campaigns" / "vouchers" / "example.yaml").read_text("utf-8")
NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
NOTICE = next(line for line in EXAMPLE.splitlines(keepends=True) if "notice:" in line)


def faults(changed: str) -> tuple[FileFault, ...]:
    with pytest.raises(FileError) as caught:
        read_book(changed, LEXICON)
    return caught.value.faults


def test_a_file_is_read_and_written_back_as_it_was_meant() -> None:
    found = read_book(EXAMPLE, LEXICON)
    assert list(found.plans)[:2] == ["fund-100k", "pay-50"]
    assert restored(plain(found)) == found
    assert read_book(written(found), LEXICON) == found


def test_a_condition_of_deposits_is_blocked_with_the_law_and_a_lawful_form() -> None:
    [found] = faults(EXAMPLE.replace("kinds: [fund, wealth]", "kinds: [deposit]"))
    assert (found.code, found.place, found.line) == (VoucherFault.FOR_DEPOSITS, "vouchers.1.buys.kinds", 9)
    said = fault(found, Language.EN)
    assert "Notice 48 (2018)" in said
    assert "kinds: [fund, wealth]" in said
    assert "理财、基金" in fault(found, Language.ZH)


@pytest.mark.parametrize("language", Language)
def test_everything_that_customers_read_of_the_example_passes_the_gate(language: Language) -> None:
    wang, words, now = Member(1, "王芳", language), VoucherWords(ZoneInfo("UTC")), datetime(2026, 11, 22, tzinfo=UTC)
    for plan in read_book(EXAMPLE, LEXICON).plans.values():
        half, day = plan.need_fen // 2, now.date()
        held = Voucher(1, 1, plan.code, UUID(int=1), 1, plan.value_fen, plan.need_fen, now, day, day, now)
        held = replace(held, progress_fen=half, reason="客户赎回")
        moved = [words.moved(wang, plan, Movement(kind, held, now, reason="客户赎回")) for kind in MovementKind]
        texts = [each.text for each in (words.step(wang, plan, held), words.ending(wang, plan, held), *moved) if each]
        locked = [Offered(plan, VoucherRefusal.LOCKED, 100)] if plan.holds_fen else []
        texts += [mine([Offered(plan, None), *locked], [Held(held, plan)], language), rule_page(plan, language)]
        kind = next((str(each) for each in sorted(plan.condition.kinds)), None) if plan.condition else None
        context = Context(kind=kind, risk_level=plan.condition.grade if plan.condition else None, venue=Venue.PRIVATE)
        assert [(plan.code, hit.span) for text in texts for hit in check(text, context).hits] == []
        assert objections(plan, language) == []


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("gives: money_off", "gives: ticket", "gift_for_investment"),
        (" risk: R3,", "", "needs_risk"),
        (NOTICE, "", "needs_notice"),
        ("liability_yuan: 50000", "liability_yuan: 400", "cap_too_low"),
        ("at_least_yuan: 100000", "at_least_yuan: 400", "above_condition"),
        ("{ class: B }", "{ class: B }\n    audience: class == nonsense", "bad_audience"),
        ("at_once: 2", "at_once: 2\n    stacks_with: [pay-50]", "one_sided"),
        ("at_once: 2", "at_once: 2\n    stacks_with: [nothing]", "unknown_voucher"),
        ("kinds: [fund, wealth], ", "", "no_condition"),
        ("购买达标后申请", "稳赚不赔，购买达标后申请", "forbidden_word"),
        ("code: pay-50", "code: fund-100k", "twice"),
    ],
)
def test_what_is_wrong_is_named_with_its_place_in_both_languages(old: str, new: str, code: str) -> None:
    found = faults(EXAMPLE.replace(old, new, 1))
    assert found[0].code == code
    assert found[0].line > 0
    assert all(fault(found[0], language) for language in Language)


@pytest.mark.parametrize("told", ["1e999999", "sNaN", "0.001", "-5", "10000000000000"])
def test_an_amount_that_is_none_is_no_fault_of_the_program(told: str) -> None:
    assert fen_of(told) is None


@pytest.mark.parametrize("language", Language)
def test_a_long_list_of_vouchers_ends_earlier_and_never_loses_a_risk_notice(language: Language) -> None:
    notices = [Text(f"{at:02}{'险' * 148}", f"{at:02}{'r' * 148}") for at in range(24)]
    plan = read_book(EXAMPLE, LEXICON).plans["fund-100k"]
    products = frozenset(f"a-product-with-a-code-{at:02}" for at in range(50))
    assert plan.condition is not None
    plan = replace(plan, condition=replace(plan.condition, products=products))
    offered = [Offered(replace(plan, notice=each), None) for each in notices[:12]]
    voucher = Voucher(1, 1, plan.code, UUID(int=1), 1, 1, 1, NOW, NOW.date(), NOW.date(), NOW)
    held = [Held(voucher, replace(plan, notice=each)) for each in notices[12:]]
    said = mine(offered, held, language)
    assert len(said) <= 4096
    assert all(each.read_in(language) in said for each in notices)
