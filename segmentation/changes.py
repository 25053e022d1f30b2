"""Changes to a policy as staff write them: `prototypes.A.assets=-0.7`, `gate_fen=60000000`, `value.account=0`."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from segmentation.policy import PolicyError, SegmentationPolicy

NUMBERS = (int, float)


def change(policy: SegmentationPolicy, settings: Sequence[str]) -> SegmentationPolicy:
    """The policy with every `key=value` put into it; a value is a number, or a list in JSON for points and indicators.

    Raises:
        PolicyError: no such key, a value of another kind, or a policy that cannot be; says which and what would do.
    """
    body = policy.as_json()
    for setting in settings:
        key, equals, text = setting.partition("=")
        if not equals:
            raise PolicyError(f'"{setting}" is no key=value.')
        _put(body, key.strip(), _read(key.strip(), text.strip()))
    return SegmentationPolicy.from_json(body)


def flat(body: dict[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    """Every key that can be set, dotted, with its value; lists stay whole."""
    for name, value in body.items():
        if isinstance(value, dict):
            yield from flat(value, f"{above}{name}.")
        else:
            yield f"{above}{name}", value


def differences(before: SegmentationPolicy, after: SegmentationPolicy) -> dict[str, tuple[Any, Any]]:
    """What changed, by dotted key, from and to; a key that one of them lacks is None there."""
    old, new = dict(flat(before.as_json())), dict(flat(after.as_json()))
    return {key: (old.get(key), new.get(key)) for key in {**old, **new} if old.get(key) != new.get(key)}


def _read(key: str, text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise PolicyError(f'{key}: "{text}" is neither a number nor a list in JSON.') from error


def _put(body: dict[str, Any], key: str, value: Any) -> None:
    *parents, name = key.split(".")
    place: Any = body
    for parent in parents:
        place = place.get(parent) if isinstance(place, dict) else None
    if parents[:1] == ["scaler"] or key == "scaler":
        raise PolicyError("The scaler is measured, not set: estimate it again with --refit.")
    if not isinstance(place, dict) or name not in place or isinstance(place[name], dict):
        raise PolicyError(f'The policy has no "{key}" that can be set; segment-policy show lists the keys.')
    present = place[name]
    is_number = isinstance(value, NUMBERS) and not isinstance(value, bool)
    if isinstance(present, NUMBERS) != is_number or isinstance(present, list) != isinstance(value, list):
        raise PolicyError(f"{key} is {'a number' if isinstance(present, NUMBERS) else 'a list'}; {value!r} is none.")
    if isinstance(present, int) and not isinstance(value, int):
        raise PolicyError(f"{key} is a whole number; {value} is none.")
    place[name] = value
