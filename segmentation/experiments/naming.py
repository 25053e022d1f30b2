"""Which variant is the control: as given, or by what its name says; never by its size or its figures."""

import re
from collections.abc import Sequence
from difflib import get_close_matches

from segmentation.experiments.model import Control, ExperimentError

ENGLISH = "control controls ctrl ctl placebo psa holdout heldout baseline untreated none nothing original default"
CHINESE = "对照 对照组 对照組 控制组 控制組 空白组 空白組"
WORDS = frozenset(f"{ENGLISH} {CHINESE}".split())
ASSUMED = "assumed: no name says which is the control, this one comes first"
ABSENCE = re.compile(r"^(no|not|without|non|无|不|未)([ _-].*|[^a-z].*)$")
PAIRS = (("0", "1"), ("false", "true"), ("no", "yes"), ("n", "y"), ("off", "on"), ("old", "new"), ("否", "是"))
PAIRED = dict(PAIRS)


def find_control(variants: Sequence[str], given: str | None) -> Control:
    """The control among the variants.

    Raises:
        ExperimentError: the given one is not there, or the names of several say that they are it.
    """
    if given is not None:
        return Control(_given(variants, given), "given")
    for how, candidates in _rules(variants):
        if len(candidates) == 1:
            return Control(candidates[0], how)
        if candidates:
            raise ExperimentError(f"Which is the control: {' or '.join(candidates)}? Give --control NAME.")
    return Control(min(variants, key=lambda name: (float(name) if _is_whole(name) else 0.0, name)), ASSUMED)


def _given(variants: Sequence[str], given: str) -> str:
    wanted = re.sub(r"^(-?\d+)\.0+$", r"\1", given.strip())
    for exact in (str, str.casefold):
        found = [variant for variant in variants if exact(variant) == exact(wanted)]
        if len(found) == 1:
            return found[0]
    alike = get_close_matches(wanted, variants, 1, 0.5)
    hint = f' Did you mean "{alike[0]}"?' if alike else ""
    raise ExperimentError(f'There is no variant "{given}"; there are: {", ".join(variants)}.{hint}')


def _rules(variants: Sequence[str]) -> list[tuple[str, list[str]]]:
    """The rules in the order of their weight, each with whom it names."""
    names = {variant: variant.casefold().strip() for variant in variants}
    letters = sorted(names.values())
    return [
        ("its name is a word for the control", [v for v, name in names.items() if _tight(name) in WORDS]),
        ("its name has a word for the control", [v for v, name in names.items() if WORDS & set(_parts(name))]),
        ("its name says that nothing was done", [v for v, name in names.items() if ABSENCE.match(name)]),
        (
            "it is the first of its pair",
            [v for v, n in names.items() if PAIRED.get(n) in letters and len(letters) == 2],
        ),
        (
            "it is 0 among numbers",
            [v for v, n in names.items() if n == "0" and all(map(_is_whole, letters))],
        ),
        ("it is the A of an A/B test", [v for v, n in names.items() if _is_first_letter(n, letters)]),
    ]


def _tight(name: str) -> str:
    return re.sub(r"[\s_-]", "", name)


def _parts(name: str) -> list[str]:
    return [part for part in re.split(r"[\W_]+", name) if part] + (
        [w for w in ("对照", "控制组", "空白组") if w in name]
    )


def _is_whole(name: str) -> bool:
    return name.isdecimal()


def _is_first_letter(name: str, letters: Sequence[str]) -> bool:
    stems = [
        re.sub(r"^(variant|group|version|arm|test|组|方案)[\s_-]*|[\s_-]*(组|方案)$", "", each) for each in letters
    ]
    if stems != [chr(ord("a") + at) for at in range(len(letters))]:
        return False
    return name == letters[0]
