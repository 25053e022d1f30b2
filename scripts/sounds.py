"""Writes the gate's table of sounds: for every syllable of pinyin, the simplified characters that are read so."""

from collections import defaultdict
from pathlib import Path

TABLE = Path(__file__).resolve().parents[1] / "campaigns" / "compliance" / "sounds.txt"


def table() -> str:
    """One line per syllable without tones: the syllable, a space, its characters in the order of Unicode."""
    from opencc import OpenCC
    from pypinyin import Style, pinyin

    simplified = OpenCC("t2s")
    sounds: dict[str, list[str]] = defaultdict(list)
    for character in map(chr, range(0x4E00, 0x9FA6)):
        if simplified.convert(character) != character:
            continue
        for syllable in pinyin(character, style=Style.NORMAL, heteronym=True)[0]:
            if syllable.isascii() and syllable.isalpha():
                sounds[syllable].append(character)
    return "".join(f"{syllable} {''.join(sounds[syllable])}\n" for syllable in sorted(sounds))


if __name__ == "__main__":
    TABLE.write_text(table(), "utf-8")
