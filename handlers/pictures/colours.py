"""The colours of every picture and page, told apart by colour-blind people too; letters always stand beside them."""

from collections.abc import Mapping

CLASSES: Mapping[str, str] = {"A": "#2CB67D", "B": "#0B5FA5", "C": "#F0A202", "D": "#6E6E78"}
ON_CLASSES: Mapping[str, str] = {"A": "#0B2E20", "B": "#FFFFFF", "C": "#3A2700", "D": "#FFFFFF"}
ABSENT = "#C9CED6"
INK = "#1F2933"
QUIET = "#5B6670"
GRID = "#E1E5EA"
PAPER = "#FFFFFF"
SHADE = "#F5F7F9"
CALM, WARNING, ALARM = "#0B5FA5", "#F0A202", "#C8371E"
