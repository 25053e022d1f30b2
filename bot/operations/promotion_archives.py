"""A promotion written out for a regulator: every version with what it said, whom it reached, who passed it, what came.

Kept for three years (Measures for Internet Advertising, in force 2023-05-01, art. 14 and 15); customers stand in it by
their number alone.
"""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psycopg

from bot.operations import OperationRefusedError
from bot.operations.promotions import allowed, desk
from bot.settings import Settings
from campaigns.announcements.model import Announcement
from campaigns.catalogue.model import Product
from campaigns.members.model import Language
from campaigns.promotions.checks import notices
from campaigns.promotions.model import PromotionRefusal, Review, Version
from campaigns.promotions.records import canonical
from handlers.wording.promotions import PromotionWords
from storage.database import one_transaction
from storage.promotion_archives import TABLES, write_table
from storage.vault import Keyring, Vault

KEPT_YEARS = 3
MANIFEST = "manifest.json"
Now = Callable[[], datetime]


def archive(settings: Settings, url: str, now: Now, code: str, out: Path) -> dict[str, Any]:
    """Write a promotion's archive into a folder; returns the manifest, which names every file with its hash.

    Raises: OperationRefusedError, when there is no such promotion or the folder holds something already.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise OperationRefusedError(f"{out} is there already and not empty; name another folder.")
    kept = asyncio.run(_read(settings, url, now, code))
    out.mkdir(parents=True, exist_ok=True)
    hashes: dict[str, str] = {}
    with psycopg.connect(url) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        for version, files in kept:
            folder = out / f"v{version.number}"
            folder.mkdir()
            for name, told in files.items():
                hashes[f"v{version.number}/{name}"] = _write(folder / name, told)
            facts = {
                "promotion": version.promotion_id,
                "version": version.number,
                "campaign": version.campaign,
                "named": f"{code} v{version.number}",
                "prepared": f"{version.promotion_id} v{version.number}",
            }
            for name, query in TABLES.items():
                steps = [version.step(), *(version.step(copy.arm) for copy in version.plan.copies)]
                hashes[f"v{version.number}/{name}"] = write_table(connection, query, facts, steps, folder / name)
    manifest = _manifest(code, [version for version, _ in kept], hashes, now())
    _write(out / MANIFEST, manifest)
    return manifest


async def _read(settings: Settings, url: str, now: Now, code: str) -> list[tuple[Version, dict[str, Any]]]:
    """Every version with its small files: what it said, what was read, the rules, the reviews."""
    zone = ZoneInfo(settings.time_zone)
    async with one_transaction(url) as uow:
        service, _ = desk(uow, Vault(Keyring.open(settings.keyring_file)), settings.bank_name, now, zone)
        versions = await service.versions(code)
        if not versions:
            allowed(PromotionRefusal.NO_PROMOTION)
        reviews = await service.reviews(versions[0].promotion_id)
        words, kept = PromotionWords(settings.bank_name, zone), []
        for version in reversed(versions):
            product, page = await service.product(version), await service.page(version)
            kept.append((version, _files(version, product, page, reviews, words)))
        return kept


def _files(
    version: Version,
    product: Product | None,
    page: Announcement | None,
    reviews: Sequence[Review],
    words: PromotionWords,
) -> dict[str, Any]:
    said = json.loads(canonical(version.code, version.number, version.plan))
    notice = notices(product)
    messages = [
        {
            "arm": copy.arm,
            "language": str(language),
            **words.message(version, copy.arm, language, notice[language]).payload(),
        }
        for copy in version.plan.copies
        for language in Language
    ]
    scripts = [
        {"arm": copy.arm, "text": words.script(version, copy.arm, notice[Language.ZH])} for copy in version.plan.copies
    ]
    own = [asdict(each) for each in reviews if each.number == version.number]
    files: dict[str, Any] = {
        "version.json": {**_life(version), "content": said},
        "messages.json": {"private": messages, "outside": scripts},
        "reviews.json": own,
    }
    return files if page is None else {**files, "rule_page.json": asdict(page)}


def _life(version: Version) -> dict[str, Any]:
    stamps = ("made_at", "checked_at", "submitted_at", "scheduled_at", "started_at", "cancelled_at", "ended_at")
    return {
        "code": version.code,
        "version": version.number,
        "state": str(version.state),
        "digest": version.digest,
        "author": version.author_id,
        "ledger": version.campaign,
        **{name: getattr(version, name) for name in stamps},
        "basis": asdict(version.basis) if version.basis else None,
    }


def _manifest(code: str, versions: Sequence[Version], hashes: Mapping[str, str], now: datetime) -> dict[str, Any]:
    last = max(version.ended_at or max(version.plan.closes_at, now) for version in versions)
    try:
        keep_until = last.replace(year=last.year + KEPT_YEARS)
    except ValueError:  # The 29th of February has no such day three years on.
        keep_until = last.replace(year=last.year + KEPT_YEARS, month=3, day=1)
    return {
        "code": code,
        "made_at": now.isoformat(),
        "keep_until": keep_until.date().isoformat(),
        "versions": {str(version.number): version.digest for version in versions},
        "files": dict(hashes),
    }


def _write(file: Path, told: Any) -> str:
    data = json.dumps(told, ensure_ascii=False, indent=2, default=_plain).encode() + b"\n"
    file.write_bytes(data)
    return sha256(data).hexdigest()


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else str(value)
