"""Wording of pagers: links to the next page of a list, to a numbered page, and to a longer list ("more")."""

import re
from enum import Enum

from jiji.site.sections import section_of

_LONGEST = 60
_LARGEST_PAGE = 9_999


class PagerWord(Enum):
    """Meaning of a pager link's text. The newest article comes first, so OLDER is further on and NEWER is back."""

    NEXT = "next"
    PREVIOUS = "previous"
    OLDER = "older"
    NEWER = "newer"
    END = "first or last"
    MORE = "more"
    ARROW_RIGHT = "»"
    ARROW_LEFT = "«"


_NOUN = (
    r"(?:news(?:\sstor(?:y|ies))?|headlines|stories|articles|posts|items|entries|photos?|pictures|images|pics|results|reports"
    r"|updates|topics|lists?|index|pages?|journal|top|latest|today'?s|recent|\d{1,4})"
)
_RIGHT, _LEFT = r"[›»→▶►▷▸⏵⇒⇨≫＞❯❱⟩⟫〉》➔➜➝➡>]", r"[‹«←◀◄◁◂⏴⇐⇦≪＜❮❰⟨⟪〈《⬅<]"
_EDGE = r"[\W_]*"
_TO = r"(?:(?:go|jump|skip|turn|move|continue|proceed)\s)?(?:to\s)?(?:the\s)?"
_SHOW = r"(?:(?:see|view|show|load|browse|get|display)\s)?"
_WORDS = {
    PagerWord.OLDER: (
        rf"{_SHOW}(?:older|earlier)(?:\s{_NOUN})*|(?:過去|以前)の?(?:記事|ニュース)?へ?|古い記事へ?"
        r"|plus\sanciens?|ältere(?:\s(?:beiträge|artikel))?|(?:entradas\s|más\s)antiguas|más\santiguos|更早"
    ),
    PagerWord.NEWER: rf"{_SHOW}newer(?:\s{_NOUN})*|新しい記事へ?|plus\srécents?|neuere(?:\s(?:beiträge|artikel))?",
    PagerWord.NEXT: (
        rf"{_TO}next(?:\spage\b.{{0,30}}|(?:\s{_NOUN})*)"
        r"|次(?:へ|の?(?:ページ|頁|\d*件)(?:へ|を(?:見る|表示))?)?|つぎへ|進む"
        r"|(?:page\s)?suivante?s?|weiter|nächste(?:\sseite)?|(?:página\s)?siguientes?|próxim[ao]s?(?:\spágina)?"
        r"|(?:pagina\s)?successiv[ao]|avanti|volgende(?:\spagina)?|nästa(?:\ssida)?|далее|следующая(?:\sстраница)?"
        r"|下一?[页頁]|다음(?:\s?페이지)?|التالي"
    ),
    PagerWord.PREVIOUS: (
        rf"{_TO}prev(?:ious)?\.?(?:\spage\b.{{0,30}}|(?:\s{_NOUN})*)|前(?:へ|の?(?:ページ|頁|\d*件)へ?)?|まえへ|戻る"
        r"|(?:page\s)?précédente?s?|zurück|vorherige(?:\sseite)?|(?:página\s)?anterior(?:es)?|(?:pagina\s)?precedente"
        r"|indietro|vorige(?:\spagina)?|föregående(?:\ssida)?|назад|предыдущая(?:\sстраница)?|上一?[页頁]"
        r"|이전(?:\s?페이지)?|السابق"
    ),
    PagerWord.END: (
        rf"{_TO}(?:first|last)(?:\spage)?|最[初後新](?:のページ)?へ?|先頭へ?|末尾へ?|\W*\|\W*{_LEFT}+|{_RIGHT}+\W*\|"
    ),
    PagerWord.MORE: (
        rf"(?:read\s)?more(?:\s{_NOUN})+|{_SHOW}(?:more|all)(?:\s(?:of|in|from|the|our)\b|\s{_NOUN})*|(?:{_NOUN}\s)+more"
        r"|(?:もっと|さらに|すべて|全て)(?:[見み]る|[読よ]む|表示(?:する)?)?|(?:記事|ニュース)?一覧(?:へ|を?見る|はこちら)?"
        r"|(?:voir|afficher|charger)\splus|mehr\s(?:anzeigen|laden)|(?:ver|cargar|mostrar)\sm(?:á|ai)s|加载更多|더\s?보기"
    ),
}
_PATTERNS = {word: re.compile(rf"{_EDGE}(?:{pattern}){_EDGE}", re.IGNORECASE) for word, pattern in _WORDS.items()}
_ARROWS = {
    PagerWord.ARROW_RIGHT: re.compile(rf"\W*?{_RIGHT}+\W*"),
    PagerWord.ARROW_LEFT: re.compile(rf"\W*?{_LEFT}+\W*"),
}
_OF_A_SECTION = re.compile(
    rf"{_EDGE}{_SHOW}(?:more|all)(?:\s(?:of|in|from|the|on)\b)*\s(?P<section>.+?)(?:\s{_NOUN})*{_EDGE}", re.I
)
_SECTION_FIRST = re.compile(rf"(?P<section>.+?)(?:\s{_NOUN})*\s(?:more|all|一覧){_EDGE}", re.I)
_NUMBER = re.compile(
    r"[\W_]*(?:(?:(?:go\s?)?to\s)?(?:page|p\.?|no\.?)\s?)?(?P<number>\d{1,4})(?:\s?(?:of|/)\s?\d{1,4}|\s?(?:ページ|頁)目?)?[\W_]*",
    re.I,
)
_RANGE = re.compile(
    r"[\W_]*(?P<first>\d{1,5})\s?[-–—~〜～]\s?(?P<last>\d{1,5})(?:\s?件(?:目)?|\s(?:of|/)\s\d{1,6})?[\W_]*", re.I
)
_CURRENT = re.compile(r"\bpage\s(?P<number>\d{1,4})(?:\s(?:of|/)\s\d{1,4})?\b|(?P<jp>\d{1,4})\s?(?:ページ|頁)目", re.I)


def pager_word(text: str) -> PagerWord | None:
    r"""Return the meaning of a pager link's text, None for any other text.

    >>> [word.name for text in ("Next \u00bb", "Older Stories", "\u6b21\u306e\u30da\u30fc\u30b8", ">") if (word := pager_word(text))]
    ['NEXT', 'OLDER', 'NEXT', 'ARROW_RIGHT']
    >>> [pager_word(text) for text in ("Next article", "Learn More", "Read more", "More from our app", "Moreover, Rain Fell")]
    [None, None, None, None, None]
    >>> [word.name for text in ("more \u00bb", "See all", "Politics more", "More Sports News") if (word := pager_word(text))]
    ['MORE', 'MORE', 'MORE', 'MORE']
    """  # noqa: E501
    if not text or len(text) > _LONGEST:
        return None
    for word, pattern in (_PATTERNS if any(map(str.isalnum, text)) or "|" in text else _ARROWS).items():
        if pattern.fullmatch(text):
            return word
    named = _OF_A_SECTION.fullmatch(text) or _SECTION_FIRST.fullmatch(text)
    return PagerWord.MORE if named and section_of(named["section"]) else None


def page_number(text: str) -> int | None:
    """Return the page number that is a pager link's text, None for any other text.

    >>> [page_number(text) for text in ("2", "[2]", "(2)", "Page 2", "Page 2 of 9", "2026", "2 Killed", "1.5")]
    [2, 2, 2, 2, 2, None, None, None]
    """
    found = _NUMBER.fullmatch(text) if len(text) <= _LONGEST else None
    number = int(found["number"]) if found else 0
    return number if 1 <= number <= _LARGEST_PAGE and not 1990 <= number < 2100 else None


def item_range(text: str) -> tuple[int, int] | None:
    """Return the first and last item of a page, None for a text that names no such range.

    >>> item_range("11-20"), item_range("21 \u2013 40 of 300"), item_range("20-11"), item_range("2026-01")
    ((11, 20), (21, 40), None, None)
    """
    found = _RANGE.fullmatch(text) if len(text) <= _LONGEST else None
    if not found:
        return None
    first, last = int(found["first"]), int(found["last"])
    return (first, last) if 0 <= first < last <= 10 * (first + 100) and last - first <= 500 else None


def current_number(text: str) -> int | None:
    """Return the number of the page itself in a line such as "Page 2 of 9", None for any other line.

    >>> current_number("You are on page 2 of 9"), current_number("Pages: 2")
    (2, None)
    """
    found = _CURRENT.search(text) if len(text) <= _LONGEST else None
    return int(found["number"] or found["jp"]) if found else None
