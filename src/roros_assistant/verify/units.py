"""Number words and units of English, with what they measure."""

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen".split()
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_ORDINALS = (
    "third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth "
    "seventeenth eighteenth nineteenth twentieth".split()
)
WORDS = {
    **{word: float(value) for value, word in enumerate(_ONES)},
    **{word: float(value) for value, word in zip(range(20, 100, 10), _TENS, strict=True)},
    **{word: float(value) for value, word in enumerate(_ORDINALS, 3)},
    "dozen": 12.0,
}
SCALES = {"hundred": 100.0, "thousand": 1e3, "million": 1e6, "billion": 1e9}
FRACTIONS = {"½": 0.5, "¼": 0.25, "¾": 0.75, "⅓": 1 / 3, "⅔": 2 / 3}

# What a unit measures, and how much of it one is; kinds that convert only roughly (miles, kilometres) stay apart.
UNITS = {
    name: (kind, size)
    for kind, names in {
        "time": {
            "second seconds sec secs": 1.0,
            "minute minutes min mins": 60.0,
            "hour hours hr hrs h": 3600.0,
            "day days": 86400.0,
            "week weeks": 604800.0,
        },
        "months": {"month months": 1.0, "year years": 12.0, "decade decades": 120.0, "century centuries": 1200.0},
        "metres": {
            "mm": 0.001,
            "cm centimetre centimetres centimeter centimeters": 0.01,
            "m metre metres meter meters": 1.0,
            "km kms kilometre kilometres kilometer kilometers": 1000.0,
        },
        "miles": {"mile miles": 1.0},
        "feet": {"foot feet ft": 1.0},
        "grams": {
            "gram grams": 1.0,
            "kg kilo kilos kilogram kilograms": 1000.0,
            "ton tons tonne tonnes": 1e6,
        },
        "percent": {"% percent": 1.0},
        "degrees": {"° °c degree degrees": 1.0},
        "EUR": {"€ eur euro euros": 1.0},
        "USD": {"$ usd dollar dollars": 1.0},
        "GBP": {"£ gbp pounds": 1.0},
        "NOK": {"nok kr krone kroner crowns": 1.0},
        "nights": {"night nights": 1.0},
    }.items()
    for group, size in names.items()
    for name in group.split()
}
