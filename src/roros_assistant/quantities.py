"""How numbers, money, lengths, spans and times of day stand in English, as patterns that others build on."""

NUMBER = (
    r"(?:\d[\d.,]*|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|forty|"
    r"fifty|sixty|seventy|eighty|ninety|"
    r"hundreds?|thousands?|million|dozens?|half|several|a few|a couple|many)"
)
MONTH = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december|"
    r"jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)"
)
SEASON = r"(?:winter|spring|summer|autumn|fall|season|christmas|easter|yule\w*|new year)s?"
DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?"
SPAN = r"(?:seconds?|minutes?|mins?|hours?|hrs?|days?|nights?|weeks?|months?|years?|decades?|centuries|century)"
LENGTH = r"(?:cm|centimet\w+|km|kilomet\w+|m|met(?:re|er)s?|miles?|yards?|feet|foot|ft|inch(?:es)?)"
# "two hundred and ten", "thirty-five"
NUMBERS = rf"(?:{NUMBER}(?:[ -](?:and )?{NUMBER})*)"

_COINS = (
    r"(?:euros?|dollars?|pounds?(?! of)|quid|pence|penny|cents?|bucks|kroner|kronor|kr[oó]n[au]r?|crowns?|francs?"
    r"|rupees?|yen|yuan|won|baht|dong|kip|kyat|riel|ringgit|rupiah|pesos?|soles?|reais|rand|shillings?|lei|lek|lev[as]?|lari"
    r"|lira|zł|złoty(?:ch)?|zlotys?|forints?|denars?|dinars?|dirhams?|riyals?|rials?|som|tenge|rou?bles?|hryvnias?|shekels?"
    r"|kuna|colones|quetzales|bolivianos|taka|naira|birr)"
)
_CODES = (
    r"(?:kr|nok|sek|dkk|isk|eur|usd|gbp|chf|czk|pln|huf|ron|bgn|jpy|cny|rmb|inr|thb|vnd|myr|rm|mxn|pen|cop|brl|zar|aud|nzd"
    r"|cad)"
)
MONEY = rf"(?:[€$£¥]\s?\d[\d.,]*|\b{_CODES}\.? ?\d[\d.,]*|\b{NUMBERS}\s?(?:[€£]|(?:{_CODES}|{_COINS})\b))"
FREE = (
    r"(?:\bfree of charge\b|\bfree (?:entry|entrance|admission|to)\b|\b(?:is|are|was|were|for|admission|entry|entrance)"
    r" free\b|\b(?:without|no) charge\b|\bfor nothing\b|\bdonations?\b"
    r"|\bincluded in (?:\w+ )?(?:price|ticket|fee|fare|rate)\b)"
)

_MORE = r"(?: and (?:an? (?:half|quarter|bit)|three[ -]quarters?))"
LASTING = (
    rf"(?:\b{NUMBERS}(?:{_MORE}| and three[ -]quarter)?[ -]?{SPAN}\b{_MORE}?"
    rf"|\b(?:(?:a )?quarter of |half |three[ -]quarters? of )?an? (?:hour|minute|second)\b{_MORE}?|\bhalf an? {SPAN}\b"
    r"|\b(?:takes?|took|taking|lasts?|lasted|spend|spent|for) a (?:\w+ )?(?:day|night|weekend|week|fortnight"
    r"|month|year)\b)"
)

_HOUR = r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d{1,2})"
_BEHIND_HOUR = (
    r"(?=\W*$|[.,;:!?)]|\s(?:in|at night|each|every|sharp|on|the|when|before|from|but|or|and(?! (?:a|half|three)\b))\b)"
)
PAST = rf"(?:\b(?:half|quarter) (?:past|to) {_HOUR}\b)"
CLOCK = (
    rf"(?:\b\d{{1,2}}[:.]\d\d\b|\b\d{{1,2}}\s?(?:am|pm|a\.m\.|p\.m\.)(?!\w)|\b{_HOUR} ?o.?clock\b|{PAST}"
    r"|\b(?:noon|midday|midnight|sunrise|sunset|dawn|dusk|24 hours|24/7|all day)\b"
    rf"|\b(?:at|by|until|till|before|after|around|about|from) (?:half )?{_HOUR}"
    rf"(?: (?:and|or|to|until|till) {_HOUR})?{_BEHIND_HOUR})"
)
