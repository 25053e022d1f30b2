"""What can be wrong with the file of packs beyond what other files can have wrong."""

from enum import StrEnum


class PackFault(StrEnum):
    """What is wrong at one place."""

    EMPTY = "empty"
    NEEDS_SCENE = "needs_scene"
    NEEDS_TIER = "needs_tier"
    ROUND_FOR_CLASSES = "round_for_classes"
    UNKNOWN = "unknown"
