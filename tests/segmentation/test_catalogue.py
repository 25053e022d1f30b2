"""The catalogue of indicators: whole, nothing dead in it, in words, refused with a sentence where it cannot be."""

import hashlib
import json
from copy import deepcopy
from dataclasses import asdict
from typing import Any

import pytest
import yaml

from campaigns.members.model import Language
from handlers.wording.indicators import CATEGORIES, SIGNED, UNITS, WORDS, meaning_of, name_of, value_words
from segmentation import catalogue, qualities, scoring_maps
from segmentation.catalogue import FILE, CatalogueError, load_catalogue, parse_catalogue
from segmentation.dimensions import DIMENSIONS
from segmentation.features import ASSET_PRODUCTS, build_features
from segmentation.intake.profiles import load_profile
from segmentation.intake.subjects import SUBJECTS
from segmentation.policy import SegmentationPolicy
from tests.segmentation.snapshots import stored

DEFINITIONS = load_catalogue().definitions
# A changed meaning, unit, window or category is a new version; a changed default score is the policy's matter.
DIGESTS = {1: "af201b518b65ba28", 2: "199ca6cbf0ea617f"}


def digest() -> str:
    plain = []
    for found in DEFINITIONS.values():
        said = {**asdict(found), "scores": list(found.scores)}
        plain.append(said)
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()[:16]


def test_nothing_that_is_scored_is_missing_from_the_catalogue() -> None:
    policy = SegmentationPolicy()
    scored = {each.code for each in (*policy.potential, *policy.churn)}
    scored |= {dimension.feature for dimension in DIMENSIONS.values()}
    scored |= {*policy.value.margins, *policy.value.dealings}
    scored |= {code for weights in policy.qualitative.values() for code in weights}
    assert scored <= set(DEFINITIONS)


def test_the_catalogue_is_what_is_measured_of_every_customer_and_nothing_else() -> None:
    assert set(build_features(stored(1)).columns) == set(DEFINITIONS)


def test_dimensions_and_the_catalogue_agree() -> None:
    assert {found.dimension: code for code, found in DEFINITIONS.items() if found.dimension} == {
        code: dimension.feature for code, dimension in DIMENSIONS.items()
    }


def test_categories_are_those_that_departments_can_tell() -> None:
    codes = SUBJECTS["traits"].codes
    assert {name: set(DEFINITIONS[name].categories) for name in qualities.TRAITS} == {
        name: set(codes[name]) for name in qualities.TRAITS
    }


def test_a_changed_definition_is_a_new_version() -> None:
    assert DIGESTS[load_catalogue().version] == digest()


def test_a_bank_fills_what_its_departments_deliver() -> None:
    chinese, czech = load_profile("cn-bank"), load_profile("berka")
    told = {code: (found.is_told_by(chinese), found.is_told_by(czech)) for code, found in DEFINITIONS.items()}
    assert {code: told[code] for code in ("logins", "salary_day", "transfers", "age", "income_band")} == {
        "logins": (True, False),
        "salary_day": (False, True),
        "transfers": (True, True),
        "age": (True, True),
        "income_band": (True, False),
    }
    assert (told["count_in_90"], told["count_in_7"]) == ((True, True), (False, True))
    assert all(told[product][0] for product in ASSET_PRODUCTS)


@pytest.mark.parametrize("language", Language)
def test_every_indicator_has_words(language: Language) -> None:
    for found in DEFINITIONS.values():
        for text in (
            name_of(found, language),
            meaning_of(found, language),
            value_words(found, 1.0, language),
            value_words(found, None, language, is_known=False),
            value_words(found, None, language),
        ):
            assert text.strip()
            assert not set("{}") & set(text)


def test_no_word_is_without_its_indicator() -> None:
    families = {code.removesuffix(f"_{found.window}") for code, found in DEFINITIONS.items()}
    assert set(WORDS) <= set(DEFINITIONS) | families
    assert {code: tuple(names) for code, names in CATEGORIES.items()} == {
        code: found.categories for code, found in load_catalogue().qualitative.items()
    }
    assert set(UNITS) == catalogue.UNITS
    assert set(DEFINITIONS) >= SIGNED
    assert set(scoring_maps.MAPS) == set(load_catalogue().qualitative)


@pytest.mark.parametrize(
    ("place", "value", "sentence"),
    [
        (("version",), "one", "version of the catalogue must be a whole number"),
        (("odd",), 1, "needs version, quantitative and qualitative, and nothing else"),
        (("quantitative", "age"), 3, "age: an entry has the keys"),
        (("quantitative", "age", "weight"), 1, "unknown: weight"),
        (("quantitative", "age", "unit"), "light years", "age: its unit must be one of"),
        (("quantitative", "age", "unit"), "category", "category for qualitative ones"),
        (("quantitative", "age", "better"), "older", "age: better must be one of"),
        (("quantitative", "age", "from"), [], "age: from must list at least one"),
        (("quantitative", "age", "from"), ["traits.shoe_size"], "no department can deliver traits.shoe_size"),
        (("quantitative", "age", "window"), -1, "age: a window is a whole number of days"),
        (("quantitative", "age", "scores"), {"old": 1}, "scored by the policy's points"),
        (("quantitative", "counter_365"), {"unit": "count", "better": "more", "from": ["activity.logins"]}, "twice"),
        (("qualitative", "occupation", "scores"), {"employee": 1}, "at least 2 categories and unknown"),
        (("qualitative", "occupation", "scores", "student"), 101, "student must be a number from 0 to 100"),
        (("qualitative", "occupation", "scores", "student"), True, "student must be a number from 0 to 100"),
    ],
)
def test_a_catalogue_that_cannot_be_is_refused_with_a_sentence(
    place: tuple[str, ...], value: Any, sentence: str
) -> None:
    found = deepcopy(yaml.safe_load(FILE.read_text("utf-8")))
    inner = found
    for part in place[:-1]:
        inner = inner[part]
    inner[place[-1]] = value
    with pytest.raises(CatalogueError, match=sentence.replace("[", r"\[")):
        parse_catalogue(found)


def test_a_file_that_is_no_yaml_is_named(tmp_path: Any) -> None:
    (tmp_path / "broken.yaml").write_text("version: [1", "utf-8")
    with pytest.raises(CatalogueError, match=r"broken.yaml is no readable YAML"):
        load_catalogue(tmp_path / "broken.yaml")
