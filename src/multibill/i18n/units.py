"""Units of measure: UN/ECE Recommendation 20 and, with a leading X, Recommendation 21. Names follow a quantity.

UNITS are messages (one, many) of the catalogues; SYMBOLS are the same in every language. A code that stands in
neither is printed as it is.
"""

from __future__ import annotations

UNITS = {
    "C62": ("unit", "units"),
    "EA": ("unit", "units"),
    "H87": ("piece", "pieces"),
    "XPP": ("piece", "pieces"),
    "NAR": ("article", "articles"),
    "PR": ("pair", "pairs"),
    "SET": ("set", "sets"),
    "DZN": ("dozen", "dozen"),
    "MIL": ("thousand", "thousand"),
    "LS": ("lump sum", "lump sums"),
    "E48": ("service", "services"),
    "E51": ("job", "jobs"),
    "IE": ("person", "people"),
    "MIN": ("minute", "minutes"),
    "HUR": ("hour", "hours"),
    "LH": ("hour of work", "hours of work"),
    "DAY": ("day", "days"),
    "E49": ("working day", "working days"),
    "WEE": ("week", "weeks"),
    "MON": ("month", "months"),
    "QAN": ("quarter", "quarters"),
    "ANN": ("year", "years"),
    "XBG": ("bag", "bags"),
    "XBO": ("bottle", "bottles"),
    "XBX": ("box", "boxes"),
    "XCR": ("crate", "crates"),
    "XCT": ("carton", "cartons"),
    "XEN": ("envelope", "envelopes"),
    "XPK": ("package", "packages"),
    "XPX": ("pallet", "pallets"),
    "XRO": ("roll", "rolls"),
}

SYMBOLS = {
    "SEC": "s",
    "GRM": "g",
    "KGM": "kg",
    "TNE": "t",
    "MLT": "ml",
    "CLT": "cl",
    "LTR": "l",
    "HLT": "hl",
    "MTQ": "m³",
    "MMT": "mm",
    "CMT": "cm",
    "MTR": "m",
    "KMT": "km",
    "MTK": "m²",
    "HAR": "ha",
    "KWT": "kW",
    "KWH": "kWh",
    "MWH": "MWh",
    "P1": "%",
}
