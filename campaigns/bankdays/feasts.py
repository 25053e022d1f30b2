"""The festivals that a bank plans around, lunar and solar, and on which day each falls; pure, 2000 to 2050."""

from datetime import date, timedelta
from enum import StrEnum

from campaigns.bankdays.festivals import lunar_new_year

FIRST_YEAR, LAST_YEAR = 2000, 2050


class Festival(StrEnum):
    """A festival by the day that it is kept on, which need not be a day off."""

    NEW_YEAR = "new_year"
    NEW_YEARS_EVE = "new_years_eve"
    SPRING = "spring"
    LANTERN = "lantern"
    WOMEN = "women"
    QINGMING = "qingming"
    LABOUR = "labour"
    DRAGON_BOAT = "dragon_boat"
    QIXI = "qixi"
    MID_AUTUMN = "mid_autumn"
    NATIONAL = "national"
    DOUBLE_NINTH = "double_ninth"


_SOLAR = {
    Festival.NEW_YEAR: (1, 1),
    Festival.WOMEN: (3, 8),
    Festival.LABOUR: (5, 1),
    Festival.NATIONAL: (10, 1),
}
_AFTER_LUNAR_NEW_YEAR = {Festival.NEW_YEARS_EVE: -1, Festival.SPRING: 0, Festival.LANTERN: 14}
# Month and day of the 5th of the 5th, 7th of the 7th, 15th of the 8th and 9th of the 9th lunar month, leap months left
# out, in Beijing time, as the Hong Kong Observatory's calendar conversion tables give them.
_LUNAR = {
    Festival.DRAGON_BOAT: (
        "0606 0625 0615 0604 0622 0611 0531 0619 0608 0528 0616 0606 0623 0612 0602 0620 0609 "  # 2000–2016
        "0530 0618 0607 0625 0614 0603 0622 0610 0531 0619 0609 0528 0616 0605 0624 0612 0601 "  # 2017–2033
        "0620 0610 0530 0618 0607 0527 0614 0603 0622 0611 0531 0619 0608 0529 0615 0604 0623"  # 2034–2050
    ),
    Festival.QIXI: (
        "0806 0825 0815 0804 0822 0811 0731 0819 0807 0826 0816 0806 0823 0813 0802 0820 0809 "
        "0828 0817 0807 0825 0814 0804 0822 0810 0829 0819 0808 0826 0816 0805 0824 0812 0801 "
        "0820 0810 0828 0817 0807 0826 0814 0803 0822 0811 0731 0819 0808 0827 0816 0805 0823"
    ),
    Festival.MID_AUTUMN: (
        "0912 1001 0921 0911 0928 0918 1006 0925 0914 1003 0922 0912 0930 0919 0908 0927 0915 "
        "1004 0924 0913 1001 0921 0910 0929 0917 1006 0925 0915 1003 0922 0912 1001 0919 0908 "
        "0927 0916 1004 0924 0913 1002 0920 0910 0928 0917 1005 0925 0915 1004 0922 0911 0930"
    ),
    Festival.DOUBLE_NINTH: (
        "1006 1025 1014 1004 1022 1011 1030 1019 1007 1026 1016 1005 1023 1013 1002 1021 1009 "
        "1028 1017 1007 1025 1014 1004 1023 1011 1029 1018 1008 1026 1016 1005 1024 1012 1001 "
        "1020 1009 1027 1017 1007 1026 1014 1003 1022 1011 1029 1018 1008 1027 1016 1005 1024"
    ),
}


def day_of(festival: Festival, year: int) -> date | None:
    """The day of a festival in a solar year, 2000 to 2050; None beyond."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    if festival in _SOLAR:
        return date(year, *_SOLAR[festival])
    if festival in _AFTER_LUNAR_NEW_YEAR:
        first = lunar_new_year(year)
        return first + timedelta(days=_AFTER_LUNAR_NEW_YEAR[festival]) if first else None
    if festival is Festival.QINGMING:
        return _qingming(year)
    said = _LUNAR[festival].split()[year - FIRST_YEAR]
    return date(year, int(said[:2]), int(said[2:]))


def _qingming(year: int) -> date:
    """The sun at 15 degrees of longitude, in Beijing time; the usual rule of thumb, right for 2000 to 2099."""
    ordinal = year % 100
    return date(year, 4, int(ordinal * 0.2422 + 4.81) - ordinal // 4)
