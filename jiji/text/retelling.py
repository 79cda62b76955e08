"""Retelling: the share of a headline that the text below it tells in its own words, as wire copy does.

A copy of the headline inside the text tells nothing and is left out. The whole text counts, because figures and names
may come late. Words are compared by stems, abbreviations by what they stand for, and common words of the news count
less than others.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

_LONGEST_HEADLINE, _LONGEST_TEXT = 300, 6_000
"""Characters that are read."""
_STEM = 4
"""Letters by which two forms of a word are one: "Price" and "prices"."""
_COPY, _SHORTEST_COPY = 0.6, 4
"""Share and number of a headline's words in a row that make a copy of it."""
_COMMON_WEIGHT = 0.4
_FEWEST_WORDS = 2
"""Words of a headline's main part. A kicker before it or a source behind it has a colon."""
_INITIALS = range(2, 6)
"""Length of an abbreviation by initials."""

_TOKEN = re.compile(r"(?:[A-Za-z]\.){2,}|\d+(?:[.,:]\d+)*(?:st|nd|rd|th)?\b|[^\W\d_]+")
_COLON = re.compile(r"[:：]\s+")
_ENDING = re.compile(r"(?<=\w\w\w)(?:ing|ed|es|s|e)$|(?<=\w\w)[se]$")
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th)$")
_DOUBLED = re.compile(r"([b-df-hj-np-tv-z])\1$")

_UNTOLD = frozenset(
    "a an and are as at be been but by can english for from full has have here home in into is it its jiji news of off "
    "on or over page press s site story t than that the this to under up via was were will with".split()
)
"""Function words, and the words by which the site names itself."""
_COMMON = (
    "after all amid before city company country day end first from get go government group high japan japanese large "
    "last late low make man many meet member million month more most new next no not now number offer official old one "
    "open other out people percent plan police prime minister report say see set show start take tell time tokyo town "
    "two use win woman work world year yen"
)
_FORMS = """
percent pct           government govt      billion b bln         million m mln         trillion t tril tln
prefecture pref       department dept      university univ       association assn      international intl
north n               south s              east e                west w                former ex
parliament parlt      corporation corp     minister min          meeting mtg           secretary sec
fall fell fallen      rise rose risen      win won               meet met              hold held
begin began begun     say said             tell told             take took taken       give gave given
make made             leave left           lose lost loss        keep kept             sell sold sales
buy bought            seek sought          find found            go went gone          come came
grow grew grown       shrink shrank shrunk strike struck         lead led              pay paid
send sent             shoot shot           stand stood           spend spent           build built
break broke broken    choose chose choice  draw drew drawn       fight fought          fly flew flown flight
freeze froze frozen   run ran              see saw seen          speak spoke spoken    throw threw
write wrote written   die dead death died  man men               woman women           child children
catch caught          teach taught         think thought         bring brought         lay laid
sink sank sunk        ride rode ridden     drive drove driven    feel felt             steal stole stolen theft
sing sang sung        high higher highest  low lower lowest      few fewer             big bigger biggest
good better best      bad worse worst      decide decision       light lit             eat ate eaten
1 one first           2 two second         3 three third         4 four fourth         5 five fifth
6 six sixth           7 seven seventh      8 eight eighth        9 nine ninth          10 ten tenth
11 eleven eleventh    12 twelve twelfth
island isle isles     approach near nears  company firm firms    committee panel       approve ok oks
earthquake quake      survey poll polls    investigate probe     aid relief            agreement pact
consider mull eyes    party bloc parties   us america american   lawmaker mp           suspect suspicion
"""
"""Words that a text has in the place of an abbreviation or another form; several to a line."""


def told_share(headline: str, text: str) -> float:
    """Return the share of a headline, 0 to 1, that a text tells apart from copies of it.

    >>> told_share("Rain Falls on Osaka for Ninth Day", "Rain fell on Osaka for the ninth day in a row on Monday.")
    1.0
    >>> told_share("Rain Falls on Osaka", '"Rain Falls on Osaka" can be read in our app.')
    0.0
    >>> told_share("BOJ to Buy 5 B. Yen in Bonds: Sources", "The Bank of Japan will buy bonds for five billion yen.")
    1.0
    >>> told_share("Jiji Press", "Jiji Press reports.")
    0.0
    """
    headline, text = headline[:_LONGEST_HEADLINE], text[:_LONGEST_TEXT]
    main = _main_part(headline)
    own = _without_copies(_TOKEN.findall(text), _TOKEN.findall(headline), _TOKEN.findall(main))
    wanted, found = words_to_tell(main), set(_stems(own))
    if any(word.isupper() for word in _TOKEN.findall(main)):
        found |= _initials(own)
    weight = sum(map(_weight, wanted))
    return sum(map(_weight, wanted & found)) / weight if weight else 0.0


def untold_figures(headline: str, text: str) -> set[str]:
    """Return the figures of a headline that a text does not have.

    >>> untold_figures("Dollar at 155 Yen for 3rd Day", "The dollar stood at 156 yen for the third day.")
    {'155'}
    """
    return {
        stem for stem in set(_stems(_TOKEN.findall(headline))) - set(_stems(_TOKEN.findall(text))) if stem[0].isdigit()
    }


def remaining_words(headline: str, text: str) -> list[str]:
    """Return the words of a text, in lower case, without copies of a headline: the words of a notice around its slots.

    >>> remaining_words("Rain Falls on Osaka", '"Rain Falls on Osaka" is in our app.')
    ['is', 'in', 'our', 'app']
    """
    headline = headline[:_LONGEST_HEADLINE]
    main = _TOKEN.findall(_main_part(headline))
    own = _without_copies(_TOKEN.findall(text[:_LONGEST_TEXT]), _TOKEN.findall(headline), main)
    return [word.casefold() for word in own]


def words_to_tell(headline: str) -> frozenset[str]:
    """Return the stems of the words in a headline that a text can tell.

    >>> words_to_tell("Home | Jiji Press News"), sorted(words_to_tell("Rain Falls on Osaka"))
    (frozenset(), ['fal', 'osak', 'rain'])
    """
    return frozenset(_stems(_TOKEN.findall(headline[:_LONGEST_HEADLINE]))) - _UNTOLD_STEMS


def _main_part(headline: str) -> str:
    """Return a headline without its kicker and its source, if that leaves enough words."""
    main = max(_COLON.split(headline), key=lambda part: len(words_to_tell(part)))
    return main if len(words_to_tell(main)) >= _FEWEST_WORDS else headline


def _without_copies(words: list[str], headline: list[str], main: list[str]) -> list[str]:
    """Return the words of a text without copies of a headline, whole in any case or cut short in its own case."""
    folded = [word.casefold() for word in words]
    copied = {
        *_positions(folded, [word.casefold() for word in main]),
        *_positions(folded, [w.casefold() for w in headline]),
    }
    size = max(_SHORTEST_COPY, round(_COPY * len(headline)))
    for at in range(len(headline) - size + 1):
        copied |= _positions(words, headline[at : at + size])
    return [word for at, word in enumerate(words) if at not in copied]


def _positions(words: list[str], part: list[str]) -> set[int]:
    """Return the positions in a list of words that a part of it takes, wherever it stands."""
    size = len(part)
    starts = (at for at, word in enumerate(words) if word == part[0] and words[at : at + size] == part) if part else ()
    return {at + step for at in starts for step in range(size)}


def _stems(words: Iterable[str]) -> Iterator[str]:
    for word in words:
        yield _stem(word.casefold())


@lru_cache(maxsize=4096)  # words of the news repeat
def _stem(word: str) -> str:
    """Return the part that forms of a word have in common.

    >>> [_stem(word) for word in ("winning", "wins", "won", "u.s.", "1,200", "9th", "ninth", "pct")]
    ['win', 'win', 'win', 'us', '1200', '9', '9', 'perc']
    """
    word = word.replace(".", "") if word[0].isalpha() else _ORDINAL.sub("", word.replace(",", ""))
    word = _FORM_OF.get(word, word)
    if word[0].isdigit():
        return word
    return _DOUBLED.sub(r"\1", _ENDING.sub("", word))[:_STEM]


def _initials(words: list[str]) -> set[str]:
    """Return the initials of names in a text, as abbreviations have them.

    >>> sorted(_initials("the Bank of Japan".split()))
    ['boj']
    """
    found = set()
    for at in range(len(words)):
        for size in _INITIALS:
            name = words[at : at + size]
            if len(name) == size and name[0][0].isupper() and name[-1][0].isupper():
                found.add("".join(word[0] for word in name).casefold()[:_STEM])
    return found


def _weight(stem: str) -> float:
    return _COMMON_WEIGHT if stem in _COMMON_STEMS else 1.0


def _forms() -> Iterator[tuple[str, str]]:
    for group in re.split(r"\n|\s{2,}", _FORMS.strip()):
        form, *others = group.split()
        yield from ((other, form) for other in others)


_FORM_OF = dict(_forms())
_COMMON_STEMS = frozenset(_stems(_COMMON.split()))
_UNTOLD_STEMS = frozenset(_stems(_UNTOLD))
