"""The catalogue's file: each mistake is told by its place and line, all of them together."""

from pathlib import Path

import pytest

from campaigns.catalogue.faults import CatalogueFault
from campaigns.catalogue.files import MOST_IN_A_BUNDLE, read_catalogue
from campaigns.catalogue.model import Selection
from campaigns.catalogue.rules import select_for_group
from campaigns.forms.faults import FileError, FileFault
from campaigns.forms.model import FaultCode
from campaigns.forms.reading import LONGEST_FILE
from campaigns.members.model import Language
from handlers.wording.catalogue import card
from handlers.wording.catalogue_files import fault

EXAMPLE = (Path(__file__).resolve().parents[2] / "campaigns" / "catalogue" / "example.yaml").read_text("utf-8")
MISTAKES = {
    ("- code: merchant-qr", "- code: Merchant QR"): (CatalogueFault.BAD_CODE, "products.1.code"),
    ("- code: salary-service", "- code: merchant-qr"): (CatalogueFault.TWICE, "products.2.code"),
    ("    risk: R4\n", ""): (CatalogueFault.NEEDS_RISK, "products.7.risk"),
    ("    kind: card\n", "    kind: card\n    risk: R1\n"): (CatalogueFault.TAKES_NO_RISK, "products.10.risk"),
    ("    notice: 贷款有风险，请量力而行 | Borrowing carries risk; borrow within your means\n", ""): (
        CatalogueFault.NEEDS_NOTICE,
        "products.9.notice",
    ),
    ("until: 2035-12-31", "until: 2019-12-31"): (CatalogueFault.ENDS_EARLY, "products.1.until"),
    ("until: 2035-12-31", "until: soon"): (CatalogueFault.BAD_DAY, "products.1.until"),
    ("risk: R5", "risk: R4"): (CatalogueFault.NEEDS_R5, "products.18.risk"),
    ("    provider: 持牌期货公司（示例） | A licensed futures firm (example)\n", ""): (
        CatalogueFault.NEEDS_PROVIDER,
        "products.18.provider",
    ),
    ("    entrance: 500000\n", ""): (CatalogueFault.NEEDS_ENTRANCE, "products.18.entrance"),
    ("futures-account: only-if-asked", "futures-account: offer"): (
        CatalogueFault.NEVER_UNASKED,
        "matrix.B.futures-account",
    ),
    ("cash-wealth: 80,", "cash-wealth: 70,"): (CatalogueFault.BAD_SHARES, "bundles.4.shares"),
    ("industries: [technology]", "industries: [magic]"): (FaultCode.BAD_CHOICE, "plans.3.industries"),
    ("products: [receivables, credit-line]\n    words", "products: [receivable]\n    words"): (
        CatalogueFault.UNKNOWN_PRODUCT,
        "plans.3.products.1",
    ),
    ("先了解用途", "利率全国最低，先了解用途"): (FaultCode.FORBIDDEN_WORD, "plans.6.words"),
    ("by_invitation: true", "by_invitation: 1"): (FaultCode.BAD_CHOICE, "products.17.by_invitation"),
    ("kind: payment", "kind: purse"): (FaultCode.BAD_CHOICE, "products.1.kind"),
    ("一码收多家支付", "保本保收益，一码收多家支付"): (FaultCode.FORBIDDEN_WORD, "products.1.terms"),
    ("5 万元起存", "存满 5 万元送大米一袋，5 万元起存"): (FaultCode.FORBIDDEN_WORD, "products.3.terms"),
    ("notice: 理财非存款，产品有风险，投资须谨慎", "notice: 请留意"): (FaultCode.NO_RISK_NOTICE, "products.5.terms"),
    ("for: { tier: strategic }", "for: {}"): (CatalogueFault.NO_AIM, "bundles.1.for.class"),
    ("for: { tier: strategic }", "for: { tier: strategic, class: A }"): (CatalogueFault.BAD_AIM, "bundles.1.for.tier"),
    ("for: { tier: strategic }", "for: { tier: giant }"): (FaultCode.BAD_CHOICE, "bundles.1.for.tier"),
    ("[salary-service, demand-plus, merchant-qr,", "[salary-service, nothing-such,"): (
        CatalogueFault.UNKNOWN_PRODUCT,
        "bundles.1.products.2",
    ),
    ("  A: { co-card: offer,", "  E: {}\n  A: { co-card: offer,"): (CatalogueFault.UNKNOWN_CLASS, "matrix.E"),
    ("  A: { co-card: offer,", "  A: { co-cart: offer,"): (CatalogueFault.UNKNOWN_PRODUCT, "matrix.A.co-cart"),
    ("  A: { co-card: offer,", "  A: { co-card: maybe,"): (FaultCode.BAD_CHOICE, "matrix.A.co-card"),
    ("matrix:\n", "matrices: 1\nmatrix:\n"): (FaultCode.UNKNOWN_FIELD, "matrices"),
}


@pytest.mark.parametrize("change", MISTAKES, ids=[f"{code}-{place}" for code, place in MISTAKES.values()])
def test_each_mistake_is_told_by_its_place_and_line(change: tuple[str, str]) -> None:
    code, place = MISTAKES[change]
    text = EXAMPLE.replace(*change, 1)
    assert text != EXAMPLE
    with pytest.raises(FileError) as caught:
        read_catalogue(text)
    [found] = [each for each in caught.value.faults if each.place == place]
    assert found.code is code
    assert found.line > 1
    for language in Language:
        assert place in fault(found, language)


def test_all_mistakes_are_told_together() -> None:
    text = EXAMPLE.replace("kind: payment", "kind: purse", 1).replace("tier: strategic }", "tier: giant }")
    with pytest.raises(FileError) as caught:
        read_catalogue(text)
    assert [each.place for each in caught.value.faults] == ["products.1.kind", "bundles.1.for.tier"]


@pytest.mark.parametrize("text", ["", "a: [", "- 1", "products: 7", "x" * (LONGEST_FILE + 1), "matrix: 3", "for: \x00"])
def test_what_is_no_catalogue_is_refused_with_a_reason(text: str) -> None:
    with pytest.raises(FileError) as caught:
        read_catalogue(text)
    assert caught.value.faults
    assert all(isinstance(fault(each, language), str) for each in caught.value.faults for language in Language)


def test_every_fault_has_words_in_both_languages() -> None:
    for code in CatalogueFault:
        assert len({fault(FileFault(code, "products.1", "x", 3), language) for language in Language}) == 2


def test_a_full_bundle_fits_into_one_message() -> None:
    found = read_catalogue(EXAMPLE)
    bundle = found.bundles[-1]
    shown = select_for_group(found, 99, bundle, (), next(iter(found.products.values())).first)
    longest = max(shown.lines, key=lambda line: len(str(line.product)))
    full = Selection(99, bundle, (longest,) * MOST_IN_A_BUNDLE)
    assert max(len(card(full, "A银行", language)) for language in Language) <= 4096
    assert "⚠️ 理财非存款，产品有风险，投资须谨慎。\n⚠️ 贷款有风险，请量力而行。" in card(shown, "A银行", Language.ZH)
