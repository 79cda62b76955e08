"""Invented people, towns and sentences; sentences of a kind that has misled readers of wire copy stand apart."""

from collections.abc import Callable
from random import Random

GIVEN = "Haruto Sayaka Kenji Mio Takumi Yuna Riku Naoko Daichi Emi Tomoe Ryo Clara Tom Zoë Nina Søren Inés".split()
SURNAMES = """Asamori Kurobane Tsukigata Minowa Hazukawa Shirogane Otowara Nagisawa Fukamine Izumihara Karasuno
    Lindqvist Halloway Benning Müller Nuñez McAllister""".split()
CORRESPONDENTS = (
    *("Ana de la Cruz-Moreau", "Jean-Luc van Hoorn", "Mei-Ling O'Hara", "J.K. Minowa", "Tom A. Benning", "Kim Min-jae"),
    *("Maria von der Heide", "Khalid al-Rashid", "Nuno D'Almeida", "Nguyen Van An", "Élise Dubois-Noël", "Rei O’Hara"),
)
"""Names with particles, hyphens, apostrophes, initials."""
TOWNS = """Kamishiro Minasaki Otogahara Hinokura Shiosaki Tsurumori Akatsura Nijigahama Furusaka Kitahoshi Wakamizu
    Yukinose""".split()
THINGS = """paper lanterns|electric ferries|farm robots|ceramic knives|folding bicycles|snow tires|school desks|
    cargo drones|flood gates|bus routes|village clinics|harbor cranes|public libraries|water pipes|plum trees"""
SIGHTS = "morning fog|the first snow|migrating cranes|a row of ice sculptures|the last tram|boats with flags"
SEASONS = "spring|early summer|the rainy season|autumn|the coming fiscal year"
WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
VERBS = "Open Plan Weigh Build Map Halt Revive Test Move Back".split()
TITLES = """Lanterns|Old Ferry|Two Bridges|Snow Gates|River Bill|Night Buses|Tea Exports|Panel on Wells|Robot Farm|
    Harbor Tunnel|School Kitchens|Rice Futures|Ski Lifts|Budget Draft|Lighthouse"""

PLACES = (
    *("Tokyo",) * 6,
    *("Osaka", "Naha", "Mito, Ibaraki Pref.", "Nago, Okinawa Pref.", "Otsu, Shiga Pref.", "Iida, Nagano Pref."),
    *("Washington", "Los Angeles", "New Delhi", "Rio de Janeiro", "São Paulo", "St. Petersburg", "Port-au-Prince"),
    *("Ho Chi Minh City", "Xi'an", "N'Djamena", "The Hague", "Winston-Salem", "Frankfurt am Main", "Paris"),
)
"""Cities as datelines name them, most of the copy from Tokyo."""

PLAIN = """{town} will open {number} {things} in {season}.
{person}, a spokesperson, declined to say how much has been spent so far.
Details will be worked out at a meeting on {weekday}.
Some {number} people took part in a hearing held in {town} last week.
The number is the highest since records began in {year}.
Residents of {town} voiced concern about noise and traffic.
The costs are put at {number} million yen, slightly less than planned.
It came into being in {year}, when {person} gave up {things} for good.
A final report is due in {season}.
"It is a small change, but people here will notice it," {person} said on {weekday}.
Snow delayed the announcement by {number} minutes.
Neighboring {town} is considering a step of the same kind.
Of those asked, {number} were against {things}.""".splitlines()

TRICKY = """"We had one chance--perhaps the last--and we took it," {person} said.
The decision--the third since {year}--came after {number} hours of talks.
The figures were compiled by a news agency (Jiji Press) from replies by {number} towns.
The list was sent to the wire (Jiji Press)--and to {number} papers--on {weekday}.
By the end of the month, {town} plans to set up a desk for {number} questions.
By {weekday}, all {number} offices must hand in their comments.
By {month} 9, the {things} will be gone, {person} said.
By contrast, {town} saw a drop of {number} percent.
By {person}'s own account, {number} {things} were lost.
{town}, {month} 27 is all that the note of {year} says, with the number {number} below.
On {month} 3, {town} (pop. {number}) counted its {things}.
To read a full page takes {number} seconds, a test in {town} showed.
To read the signs, visitors to {town} need a lens, and {number} have one.
POLITICS, ECONOMY and SPORTS are the names of {number} rooms in the hall of {town}.
HEADLINES were read out in the square {number} times.
Photos taken in {year} show {number} of the {things}.
Photos by the roadside show {number} {things}.
Copyright was not at issue, the court in {town} said after {number} days.
End of the line for the tram came in {year}, after {number} rides.
"No," {person} said {number} times.
A sign in {town} reads "<exit> & <entry>" in {number} languages.
Press "Menu > Print" to get the list of {number} {things}.
“It’s ‘now or never’… so let’s go,” said {person} – then {number} — of {town}.
A café in {town} takes €{number} for a "湯どうふ" of the year ２０２６.
The song "花〜風" was sung {number} times in {town}.
Advertisement of {things} will be banned in {season}, {person} said, a rule {number} towns have.
{person}, {number}, and {person} of {town}
Related {things} in {town} number {number}.""".splitlines()
"""Dashes, agencies, bylines, dates, section labels and the site's own phrases, all within a story's sentences."""

BULLETS = """Ages: 6 to {number}
{things}, {number} in all
{town}: {number} points
{person}, {number} votes""".splitlines()

CAPTIONS = """People look at {sight} near {town} on {weekday}, {number} in all
{person} (left) and {person} (right) shake hands {number} times in {town}
{person} (center) speaks to {number} reporters in {town}
A model (scale 1:{number}) of {things} is shown in {town}
{number} {things}, seen in {town} (behind them, the new pool)
"{town} Lights," a painting of {sight}, lot {number}
A child points at {sight} in {town} at {number} a.m.""".splitlines()

CREDITS = """Pool photo|Jiji Press|AFP-Jiji|File photo|Photo courtesy of the city of {town}|Courtesy of {town} Zoo|
    Photo by {person}|Provided by {town} (Japan) Museum|AFP-Jiji/Pool"""
LONE_CREDITS = "(Pool photo)|(Photo courtesy of {town} Zoo)|Photo by {person}|(Jiji Press)|[File photo]"

KICKERS = "2026 POLLS:|Pro Baseball:|Tennis:|Update:|FOCUS:|AFTER 15 YEARS:"
SOURCES = ": Govt Survey|: Police|: PM {surname}|: {town} Mayor|: Sources"
HEADLINES = """{town} to {verb} {title}
{number} Pct of Towns {verb} {title}, {title}
"{title}" Makers {verb} 5.6 B. Yen Plan
{surname} to {verb} R&D for {title}
{town}'s {title} <Live> at ２０２６ "花火" Show
Govt Eyes {number}-Yen Levy on {title}
{surname}, {surname} {verb} {title} in {town} Talks
By Sea and Land, {town} Hauls {title}
{title} Up 0.4 Pct in Dec.--Highest since {year}
Café Noël, {surname} {verb} ‘{title}’""".splitlines()


def pick(rng: Random, table: str) -> str:
    """Return one of the choices that a table separates by bars."""
    return rng.choice([choice.strip() for choice in table.split("|")])


def fill(rng: Random, form: str) -> str:
    """Return a form with each of its slots filled anew."""
    while "{" in form:
        head, _, rest = form.partition("{")
        slot, _, tail = rest.partition("}")
        form = f"{head}{_SLOTS[slot](rng)}{tail}"
    return form


def sentence_case(text: str) -> str:
    """Return a sentence with a capital at its start."""
    return text[:1].upper() + text[1:]


_SLOTS: dict[str, Callable[[Random], str]] = {
    "person": lambda rng: f"{rng.choice(GIVEN)} {rng.choice(SURNAMES)}",
    "surname": lambda rng: rng.choice(SURNAMES),
    "town": lambda rng: rng.choice(TOWNS),
    "things": lambda rng: pick(rng, THINGS),
    "sight": lambda rng: pick(rng, SIGHTS),
    "season": lambda rng: pick(rng, SEASONS),
    "weekday": lambda rng: rng.choice(WEEKDAYS),
    "month": lambda rng: rng.choice(("Jan.", "March", "May", "Sept.")),
    "number": lambda rng: f"{rng.randrange(3, 9_000):,}",
    "year": lambda rng: str(rng.randrange(1921, 2019)),
    "verb": lambda rng: rng.choice(VERBS),
    "title": lambda rng: pick(rng, TITLES),
}
