"""What tells who somebody is by its shape: e-mails, handles, addresses, dates of birth."""

import re
from collections.abc import Iterator
from datetime import date

from privacy.redaction_spans import Span
from privacy.redaction_words import BORN_WORDS, MONTHS, PROVIDERS

_EMAIL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}\s?@\s?[\w-]{1,63}(?:\.[\w-]{2,63}){1,4}")
_AT = re.compile(
    r"\s*(?P<marked>[(\[{<]\s*(?:at|ät|małpa|malpa|маймунско а|@)\s*[)\]}>])\s*"
    r"|\s(?:at|małpa|malpa|маймунско а|кльомба|klammeraffe)\s",
    re.IGNORECASE,
)
_DOT_WORDS = r"dot|kropka|punkt|точка|tuldok"
_LOCAL = re.compile(
    rf"(?:[\w+-]{{1,64}}\s(?:{_DOT_WORDS})\s){{0,2}}[\w+.-]{{1,64}}$", re.IGNORECASE
)
_DOT = rf"\s*(?:[(\[{{<]\s*(?:{_DOT_WORDS}|\.)\s*[)\]}}>]|\s(?:{_DOT_WORDS})\s)\s*"
_SPELLED_DOMAIN = re.compile(rf"[\w-]{{1,63}}(?:(?:{_DOT}|\.)[\w-]{{2,63}}){{1,3}}", re.IGNORECASE)
_SPELLED_DOT = re.compile(_DOT, re.IGNORECASE)
_OF_PROVIDER = re.compile(rf"(?:{PROVIDERS})\.[a-z.]{{2,6}}", re.IGNORECASE)

_NETWORKS = (
    r"facebook|fb|instagram|linkedin|twitter|x|tiktok|github|youtube|pinterest|vk|xing|t|telegram|"
    r"snapchat|reddit|threads|medium|discord|twitch|nk|goldenline|vbox7"
)
_HANDLES = (
    re.compile(r"(?<![\w@./])@\w[\w.-]{1,38}\w"),
    re.compile(
        rf"(?:https?://)?(?<![\w-])(?:[\w-]+\.)?(?:{_NETWORKS})\.(?:com|net|me|tv|pl|de|org)"
        r"/[^\s,;)>\]]{2,}",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?:https?://|www\.)[^\s<>]*(?:/(?:u|user|users|profile|profil|in|member|people)/|/~|@|"
        r"[?&](?:e?mail|user|name|phone|login|customer)=)[^\s<>]+",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?<!\w)(?:ig|insta|instagram|skype|telegram|discord|facebook|fb|twitter|tiktok|snapchat)"
        r"\s?[:=]\s?@?[\w.-]{3,40}",
        re.IGNORECASE,
    ),
)

_CAPITAL = r"[A-ZÀ-ÝŁŚŻŹĆŃÓĄĘА-Я]"
_NAME = rf"(?:{_CAPITAL}[\w.'’-]{{0,30}})"
_STREETS = (
    # English and Filipino: number, name, kind of street.
    r"Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Court|Ct|Place|Pl|Boulevard|Blvd|Way|Square|Sq|"
    r"Terrace|Close|Crescent|Extension|Ext|Highway|Hwy|Parkway|Pkwy|Trail|Circle|Alley|Row|Walk|"
    r"Gardens|Grove|Hill|Mews|Park|Plaza|Loop|Run|Path|Pike|Ridge|View|Village|Valley|Valleys|"
    r"Crossing|Station|Bridge|Creek|Field|Fields|Ford|Forge|Forges|Fork|Forest|Glen|Green|Haven|"
    r"Heights|Island|Isle|Junction|Key|Knoll|Knolls|Lake|Lakes|Landing|Locks|Lodge|Mall|Manor|"
    r"Meadow|Meadows|Mill|Mills|Mission|Mount|Mountain|Neck|Orchard|Oval|Overpass|Parks|Pass|"
    r"Passage|Pine|Pines|Plain|Plains|Point|Points|Port|Ports|Prairie|Radial|Ramp|Ranch|Rapid|"
    r"Rapids|Rest|River|Route|Rue|Shoal|Shoals|Shore|Shores|Skyway|Spring|Springs|Spur|Spurs|"
    r"Squares|Stravenue|Stream|Streets|Summit|Throughway|Trace|Track|Trafficway|Tunnel|Turnpike|"
    r"Underpass|Union|Unions|Via|Viaduct|Views|Villages|Ville|Vista|Wall|Walks|Ways|Well|Wells|"
    r"Bayou|Beach|Bend|Bluff|Bluffs|Bottom|Branch|Brook|Brooks|Burg|Burgs|Bypass|Camp|Canyon|Cape|"
    r"Causeway|Center|Centers|Circles|Cliff|Cliffs|Club|Common|Corner|Corners|Course|Courts|Cove|"
    r"Coves|Crest|Curve|Dale|Dam|Divide|Drives|Estate|Estates|Expressway|Extensions|Fall|Falls|"
    r"Ferry|Flat|Flats|Fords|Forks|Fort|Freeway|Garden|Gateway|Glens|Greens|Groves|Harbor|Harbors|"
    r"Hills|Hollow|Inlet|Islands|Junctions|Keys|Land|Light|Lights|Loaf|Motorway|Mountains|Trails|"
    r"Ridges|Roads|Crossroad|Crossroads|Manors|Estate|Turnpikes|Bridges|Creeks|Lakes|Tunnels|Forests|Ports|Mount|Havens|Harbours|Subdivision|Homes|Residences|Kalye"
)
_UNIT = r"(?:,?\s(?:Apt|Suite|Unit|Flat|Apartment|Room|Floor|Whg)\.?\s?#?\s?\w{1,5})?"
_ESTATE = rf"(?:,\s(?:{_NAME}\s){{0,2}}{_NAME}(?:\s\d{{1,2}}(?!\w))?)?"
_ADDRESSES = (
    re.compile(
        rf"(?<![\w/])(?:(?:(?:Unit|Block|Blk|Lot|Room|Flat|Floor)\.?\s?\w{{1,5}}|[BL]\d{{1,4}}|\d{{1,3}}F|\d{{1,3}}(?:st|nd|rd|th)\sFloor),?\s"
        rf"(?:{_NAME}\s){{0,3}}(?:{_NAME}|\d{{1,3}}),?\s){{0,2}}"
        rf"\d{{1,6}}(?:-?[A-Za-z])?(?:\s?[-/]\s?\d{{1,4}})?,?\s(?:(?:{_NAME}|\d{{1,3}}(?:st|nd|rd|th))\s){{1,4}}"
        rf"(?:{_STREETS})(?![\w]){_UNIT}{_ESTATE}"
    ),
    re.compile(  # Filipino: block, lot, barangay
        r"(?<!\w)(?:Blk|Block|B)\.?\s?\d{1,4},?\s(?:Lot|L)\.?\s?\d{1,4}(?:,?\s(?:Phase|Ph)\.?\s?\d+)?"
        rf"(?:,?\s(?:{_NAME}|\d{{1,3}}(?:st|nd|rd|th)?(?!\w))){{0,6}}|(?<!\w)(?:Brgy|Barangay)\.?\s{_NAME}(?:\s{_NAME}){{0,2}}"
    ),
    re.compile(  # Polish
        r"(?<!\w)(?:[Uu]l\.|[Uu]lic\w{1,3}|[Aa]l\.|[Aa]lej\w{1,4}|[Pp]l\.|[Pp]lac\w{0,2}|[Oo]s\.|"
        rf"[Oo]siedl\w{{1,3}})\s?(?:(?:{_NAME}|\d{{1,2}}|i|im\.|gen\.|ks\.|św\.)\s){{1,5}}"
        r"\d{1,4}[A-Za-z]?(?:\s?(?:/|m\.?)\s?\d{1,4})?(?!\w)"
    ),
    re.compile(  # Bulgarian
        r"(?<!\w)(?:ул\.|улица(?:та)?|бул\.|булевард|пл\.|площад|ж\.\s?к\.|жк|кв\.)\s?"
        rf"[„\"“]?(?:(?:{_NAME}|\d{{1,2}}|и|св\.|ген\.)[”\"“]?,?\s?){{1,4}}"
        r"(?:№|No\.?|N|бл\.|номер)?\s?\d{1,4}[А-Яа-яA-Za-z]?(?:,?\s(?:бл|вх|ет|ап)\.?\s?\w{1,4}){0,4}(?!\w)"
    ),
    re.compile(  # German; begins at the beginning of a word, so that a long one is read once
        rf"(?<![\w-])(?:{_CAPITAL}\w{{0,30}}\s)?[\w-]{{0,60}}(?:straße|strasse|str\.|weg|platz|allee|gasse|"
        r"ring|damm|ufer|Straße|Strasse|Str\.|Weg|Platz|Allee|Gasse|Ring|Damm|Ufer)\s?\d{1,4}"
        r"(?:\s?[a-z](?!\w))?(?:\s?[-/]\s?\d{1,4})?(?!\w)"
    ),
)

_MAY_BE_ADDRESS = re.compile(r"\d|Brgy|Barangay")

_MONTH = {name: number for number, names in enumerate(MONTHS, start=1) for name in names.split(" ")}
_DIGIT = re.compile(r"\d")
_DATE = re.compile(
    r"(?<![\d.])(?:(?P<y>(?:19|20)\d\d)[./-](?P<m>\d{1,2})[./-](?P<d>\d{1,2})"
    r"|(?P<a>\d{1,2})\s?[./-]\s?(?P<b>\d{1,2})\s?[./-]\s?(?P<c>(?:19|20)?\d\d)"
    r"|(?P<dd>\d{1,2})(?:\.|st|nd|rd|th)?(?:\sof|\sng)?\s(?P<month>[^\W\d_]{3,12})\.?,?\s(?P<yy>(?:19|20)\d\d)"
    r"|(?P<month2>[^\W\d_]{3,12})\.?\s(?P<dd2>\d{1,2})(?:st|nd|rd|th)?,?\s(?P<yy2>(?:19|20)\d\d))(?!\d)"
)
_BORN = re.compile(
    rf"(?<!\w)(?:{BORN_WORDS})[^\d.!?\n]{{0,25}}\.?[^\d.!?\n]{{0,5}}$", re.IGNORECASE
)


def find_emails(text: str) -> Iterator[Span]:
    """Yield addresses, also those that are spelled out: name (at) mail dot com."""
    if "@" in text:
        for found in _EMAIL.finditer(text):
            start = found.start() + len(found[0]) - len(found[0].lstrip("'*_`{|~"))
            yield Span(start, found.end(), "email")
    for at in _AT.finditer(text):
        local = _LOCAL.search(text, max(0, at.start() - 64), at.start())
        domain = _SPELLED_DOMAIN.match(text, at.end())
        if local and domain and (at["marked"] or _is_spelled(domain[0])):
            yield Span(local.start(), domain.end(), "email")


def _is_spelled(domain: str) -> bool:
    return bool(_SPELLED_DOT.search(domain) or _OF_PROVIDER.match(domain))


def find_handles(text: str) -> Iterator[Span]:
    """Yield mentions and addresses of somebody's own page."""
    if not ("@" in text or "/" in text or ":" in text or "=" in text):
        return
    for shape in _HANDLES:
        for found in shape.finditer(text):
            yield Span(found.start(), found.end(), "handle")


def find_addresses(text: str) -> Iterator[Span]:
    """Yield a street with its number, and what stands in its place in the Philippines."""
    if not _MAY_BE_ADDRESS.search(text):
        return
    for shape in _ADDRESSES:
        for found in shape.finditer(text):
            yield Span(found.start(), found.end(), "address")


def find_births(text: str, births: frozenset[date]) -> Iterator[Span]:
    """Yield known dates of birth, and any date that is called one."""
    if not _DIGIT.search(text):
        return
    for found in _DATE.finditer(text):
        if births.intersection(_readings(found)) or _BORN.search(text, 0, found.start()):
            yield Span(found.start(), found.end(), "birth_date")


def _readings(found: re.Match[str]) -> Iterator[date]:
    """Yield what a date may mean: day first, month first, of either century."""
    part = found.groupdict()
    if part["y"]:
        yield from _real(part["y"], part["m"], part["d"])
    elif part["a"]:
        years = [part["c"]] if len(part["c"]) == 4 else ["19" + part["c"], "20" + part["c"]]
        for year in years:
            yield from _real(year, part["b"], part["a"])
            yield from _real(year, part["a"], part["b"])
    else:
        word = (part["month"] or part["month2"]).casefold()
        month = next(
            (_MONTH[word[:size]] for size in (*range(12, 2, -1),) if word[:size] in _MONTH), 0
        )
        yield from _real(part["yy"] or part["yy2"], str(month), part["dd"] or part["dd2"])


def _real(year: str, month: str, day: str) -> Iterator[date]:
    try:
        yield date(int(year), int(month), int(day))
    except ValueError:
        return
