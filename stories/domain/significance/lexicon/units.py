"""Units of measure, time and money, and which of their symbols differ by a capital alone."""

from __future__ import annotations

from typing import Final

from stories.domain.significance.lexicon.word_groups import forms, groups

_PREFIXES: Final = {
    "": "",
    "nano": "n",
    "micro": "µ",
    "milli": "m",
    "centi": "c",
    "deci": "d",
    "hecto": "h",
    "kilo": "k",
    "mega": "M",
    "giga": "G",
    "tera": "T",
    "peta": "P",
    "exa": "E",
    "pico": "p",
    "femto": "f",
    "kibi": "Ki",
    "mebi": "Mi",
    "gibi": "Gi",
    "tebi": "Ti",
}
_PREFIXED: Final = {
    "metre": ("m", "meter"),
    "gram": ("g", "gramme"),
    "litre": ("l", "liter"),
    "second": ("s", ""),
    "watt": ("W", ""),
    "volt": ("V", ""),
    "ampere": ("A", "amp"),
    "ohm": ("Ω", ""),
    "hertz": ("Hz", ""),
    "joule": ("J", ""),
    "newton": ("N", ""),
    "pascal": ("Pa", ""),
    "bar": ("bar", ""),
    "byte": ("B", ""),
    "bit": ("b", ""),
    "sievert": ("Sv", ""),
    "becquerel": ("Bq", ""),
    "gray": ("Gy", ""),
    "curie": ("Ci", ""),
    "mole": ("mol", ""),
    "lumen": ("lm", ""),
    "lux": ("lx", ""),
    "candela": ("cd", ""),
    "tesla": ("T", ""),
    "farad": ("F", ""),
    "calorie": ("cal", ""),
    "tonne": ("t", ""),
    "ton": ("tn", ""),
    "pixel": ("px", ""),
    "parsec": ("pc", ""),
    "electronvolt": ("eV", ""),
    "kelvin": ("K", ""),
}
# Groups of words and symbols for one unit.
_OTHERS: Final = """
inch inches, foot feet ft, yard+ yd yds, mile+ mi, furlong+, league+, fathom+, acre+ ac, hectare+ ha,
are+, rod+, ounce+ oz, pound+ lb lbs, stone+, hundredweight cwt, pint+ pt pts, quart+ qt qts, gallon+
gal, barrel+ bbl, bushel+, cup+, tablespoon+ tbsp, teaspoon+ tsp, knot+ kn, mph, kph km/h kmh, rpm, psi,
degree+ deg °, celsius, centigrade °c, fahrenheit °f, kelvin+, rankine, btu, horsepower hp, carat+,
karat+, decibel+ db, lightyear+ light-year+, millennium millennia, century centuries, decade+, year+ yr
yrs, quarter+, month+ mo mos, fortnight+, week+ wk wks, day+, night+, hour+ hr hrs, minute+ min mins,
second+ sec secs, moment+, instant+, semester+, trimester+, term+, season+, weekday+, weekend+, shift+,
generation+, daily, nightly, weekly, biweekly fortnightly, monthly, bimonthly, quarterly, yearly
annually annual, hourly, percent percentage %, percentage-point+, point+, basis-point+, permille ‰,
times, fold, dollar+ usd, cent+, euro+ eur, pound+ gbp, penny pence, shilling+, franc+ chf, yen jpy,
yuan cny renminbi, rupee+ inr, ruble+ rouble+, peso+, real reais, rand, won, krona kronor, krone kroner,
crown+, lira+, dinar+, dirham+, shekel+, zloty, forint+, baht, dong, ringgit, bitcoin+, page+, chapter+,
word+, line+, copy copies, issue+, people, person+, man men, woman women, child children, household+,
family families, vote+, seat+, member+, death+, injury injuries, case+, patient+, victim+, survivor+,
dozen+, score+, pair+, couple+, kcal, kwh, mwh, gwh, twh, wh, mpg, dpi, ppm, ppb, ppt, mmhg, fps, bps,
kbps, mbps, gbps, ah, mah, kva, mva
"""

WORDS: Final[dict[str, str]] = {
    **groups(_OTHERS),
    **{
        form: prefix + name
        for name, (_, other) in _PREFIXED.items()
        for prefix in _PREFIXES
        for spelling in filter(None, (name, other))
        for form in (*forms(prefix + spelling + "+"), f"{prefix}-{spelling}")
    },
    **{
        form: f"{square}-{name}"
        for square in ("square", "cubic", "sq", "cu")
        for name in ("metre", "meter", "mile", "foot", "feet", "inch", "kilometre", "kilometer", "yard")
        for form in forms(f"{square}-{name}+")
    },
    "micron": "micrometre",
    "microns": "micrometre",
    "kilo": "kilogram",
    "kilos": "kilogram",
}
# These are units only behind a figure; the rest always.
_COUNTED: Final = frozenset(
    "people person man woman child household family vote seat member death injury case patient victim survivor page"
    " chapter word line copy issue point moment instant term season shift times fold are bar mole stone score pair"
    " couple real won crown second cup cent rod league instant real".split()
)
MEASURES: Final = {word: unit for word, unit in WORDS.items() if unit not in _COUNTED}

SYMBOLS: Final[dict[str, str]] = {
    **{
        sign + symbol: prefix + name
        for name, (symbol, _) in _PREFIXED.items()
        for prefix, sign in _PREFIXES.items()
    },
    "L": "litre",
    "mL": "millilitre",
    "dL": "decilitre",
    "ug": "microgram",
    "mcg": "microgram",
    "us": "microsecond",
    "um": "micrometre",
    "μg": "microgram",
    "μm": "micrometre",
    "μs": "microsecond",
    "μL": "microlitre",
    "h": "hour",
    "d": "day",
    "C": "celsius",
    "F": "fahrenheit",
    "K": "kelvin",
    "k": "thousand",
    "M": "million",
    "Wh": "watthour",
    "kWh": "kilowatthour",
    "MWh": "megawatthour",
    "mWh": "milliwatthour",
    "GWh": "gigawatthour",
    "TWh": "terawatthour",
    "Mbps": "megabit a second",
    "MBps": "megabyte a second",
    "kbps": "kilobit a second",
    "kBps": "kilobyte a second",
    "Gbps": "gigabit a second",
    "GBps": "gigabyte a second",
    "MB/s": "megabyte a second",
    "in": "inch",
    "x": "times",
}


def unit_of(text: str, norm: str) -> str:
    """Return the unit of a word or symbol behind a figure, "" if it is none."""
    return SYMBOLS.get(text) or WORDS.get(norm, "")
