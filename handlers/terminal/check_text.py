"""The gate of words on the terminal: one JSON object per judged line."""

import json

from campaigns.compliance.batches import Judged
from campaigns.compliance.verdicts import Hit


def line_json(judged: Judged, *, english: bool) -> str:
    """The verdict on one line; a span is [start, end) in characters of the text as it came."""
    hits = [_hit(hit, english=english) for hit in judged.verdict.hits]
    return json.dumps({"id": judged.id, "verdict": judged.verdict.outcome, "hits": hits}, ensure_ascii=False)


def _hit(hit: Hit, *, english: bool) -> dict[str, object]:
    return {
        "rule": hit.rule,
        "verdict": hit.verdict,
        "span": [hit.start, hit.end],
        "words": hit.span,
        "basis": hit.basis.en if english else hit.basis.zh,
        "advice": hit.advice.en if english else hit.advice.zh,
    }
