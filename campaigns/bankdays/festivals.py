"""The first day of the lunar year, Spring Festival, by year; and where it moves money."""

from datetime import date

FIRST_YEAR = 1990
# Month and day in Beijing time, as the Hong Kong Observatory's calendar conversion tables give them.
NEW_YEARS = (
    "0127 0215 0204 0123 0210 0131 0219 0207 0128 0216 0205 0124 0212 0201 0122 0209 0129 0218 0207 0126 "  # 1990–2009
    "0214 0203 0123 0210 0131 0219 0208 0128 0216 0205 0125 0212 0201 0122 0210 0129 0217 0206 0126 0213 "  # 2010–2029
    "0203 0123 0211 0131 0219 0208 0128 0215 0204 0124 0212 0201 0122 0210 0130 0217 0206 0126 0214 0202 "  # 2030–2049
    "0123"
)
ZONES = frozenset({"Asia/Shanghai", "Asia/Urumqi", "Asia/Hong_Kong", "Asia/Macau", "Asia/Taipei", "Asia/Singapore"})


def lunar_new_year(year: int) -> date | None:
    """The first day of the lunar year that begins in this year, 1990 to 2050; None beyond."""
    at = len("mmdd ") * (year - FIRST_YEAR)
    if not 0 <= at < len(NEW_YEARS):
        return None
    return date(year, int(NEW_YEARS[at : at + 2]), int(NEW_YEARS[at + 2 : at + 4]))


def spring_festivals(as_of: date, zone: str) -> tuple[date, ...]:
    """The lunar new years of the year of a day and of the one before, for a bank where they are kept."""
    if zone not in ZONES:
        return ()
    found = (lunar_new_year(year) for year in (as_of.year, as_of.year - 1))
    return tuple(day for day in found if day)
