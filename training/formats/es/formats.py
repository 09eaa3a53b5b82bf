"""How days and hours are written in Spanish."""

DATE_FORMAT = r"j \d\e F \d\e Y"
SHORT_DATE_FORMAT = "j b Y"
MONTH_DAY_FORMAT = r"j \d\e F"
YEAR_MONTH_FORMAT = r"F \d\e Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = r"j \d\e F \d\e Y, H:i"
SHORT_DATETIME_FORMAT = "j b Y, H:i"
# As in the United States, Mexico and Central America: 3.5 hours, and 3,000 lines as everywhere on this site.
DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
