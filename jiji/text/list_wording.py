"""Wording of lists: times, counts, marks and actions inside or beside the headline of an entry.

Pure functions over one line. Source: lists of news sites, in English and Japanese.
"""

import re

from jiji.text.dates import MONTH

_LONGEST_NOISE = 60
_LONG_WORD = 4
"""Letters of a word that a headline capitalises."""
_LONGEST_HEADLINE = 160
"""Characters; a longer text is a teaser."""

_CLOCK = r"\d{1,2}[:：]\d{2}(?::\d{2})?(?:\s?[ap]\.?m\b\.?)?(?:\s?(?:JST|GMT|UTC)\b)?|\d{1,2}時(?:\d{1,2}分)?"
_WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b\.?"
_DATE = (
    rf"(?:{_WEEKDAY},?\s)?(?:{MONTH}\s\d{{1,2}}(?!\d)(?:st|nd|rd|th)?|\d{{1,2}}\s{MONTH})(?:,?\s\d{{4}})?"
    r"|\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?|\d{1,2}/\d{1,2}(?:/\d{2,4})?|\d{1,2}月\d{1,2}日"
)
_AGE = (
    r"(?:(?:about|around|almost|nearly|over|less\sthan|more\sthan)\s)?"
    r"(?:(?:\d+|an?|one|two|a\sfew)\s?(?:sec(?:ond)?|min(?:ute)?|hour|hr|day|week|month|year)s?\.?\sago"
    r"|\d+\s?[smhdw]\sago\b|\b(?-i:\d{1,2}[hdw])\b|just\snow|yesterday|\d+\s?(?:秒|分|時間|日|か月|ヶ月|年)前)"
)
_READING_TIME = r"\d+[\s-]?min(?:ute)?s?\sread\b"
_SINCE = r"(?:(?:last\s)?(?:updated?|posted|published|modified)|更新)[:：]?\s"
"""Word before a time."""
_MOMENT = rf"(?:(?:{_DATE}|{_WEEKDAY}),?\s*(?:at\s)?)?(?:{_CLOCK})"
_PIN = r"pinned|sticky|featured|editor['’]?s['’]?\s(?:picks?|choice)|注目"
_MARK = (
    rf"{_PIN}|(?:with\s)?photos?|videos?|jiji\spress|new!?|updated?|breaking|exclusive|live|free|premium"
    r"|(?:member|subscriber)s?(?:\sonly)?"
    r"|pr|ad|advertisement|sponsored|must\sread|graphics?|gallery|audio|podcast|pdf"
    r"|写真(?:あり)?|動画|速報|更新|新着|有料|無料|会員限定|独自"
)
_COUNTED_COMMENTS = r"(?-i:\d+\scomments?)"
_COUNT = r"(?:no|\d+)\s(?:comments?|shares?|likes?|views?|replies)"
_ACTION = (
    rf"{_COUNT}|"
    r"(?:print|share|(?:e-?)?mail|tweet|save)(?:\sthis)?(?:\s(?:page|article|story))?|facebook|line|bookmark|permalink"
    r"|(?:(?:leave|add|post)\sa\s)?comments?|details?"
    r"|(?:click\shere\s(?:to|for)\s)?(?:read|view|continue|more|full)"
    r"(?:\s(?:on|more|reading|the|all|full|story|text|article|details))*"
    r"|印刷|共有|コメント|続きを(?:読む|見る)|詳細|全文|もっと(?:読む|見る)"
)
_NOISE = re.compile(
    rf"(?:[\W_]|{_AGE}|{_READING_TIME}|{_DATE}|{_CLOCK}|{_WEEKDAY}|(?:{_ACTION}|{_MARK}"
    r"|(?:last\s)?(?:posted|published|modified)|at|on|by|jst|today)(?!\w)|\d{1,4}(?!\d)(?!\s?[a-z]))*+",
    re.IGNORECASE,
)
_OPEN, _CLOSE, _BAR = r"[\[［【<＜(]", r"[\]］】>＞)]", r"[|｜–—-]"
_LEADING = re.compile(
    rf"(?:\W*(?:{_SINCE})?(?:{_MOMENT}|{_AGE}|{_READING_TIME}|{_COUNTED_COMMENTS})\)?\W*\s"
    rf"|{_OPEN}(?:{_MARK}|{_DATE}){_CLOSE}\s*(?:{_BAR}\s)?"
    rf"|(?:{_DATE}|{_MARK})\s{_BAR}\s)+",
    re.IGNORECASE,
)
_CAPITALS = r"(?:NEW|UPDATED?|PHOTOS?|VIDEO|BREAKING)"
_LEADING_CAPITALS = re.compile(rf"{_CAPITALS}[!:]?\s+(?=\S*[a-z])")
"""Marks in capitals before a headline, which has none."""
_TRAILING = re.compile(
    rf"\s(?:{_OPEN}|{_BAR}\s?)*(?:{_SINCE})?(?:{_MOMENT}|{_AGE}|{_READING_TIME}|{_COUNTED_COMMENTS}){_CLOSE}?$"
    rf"|(?:\s{_BAR})?\s?{_OPEN}(?:{_DATE}|\d{{1,4}}|{_MARK}){_CLOSE}$|\s{_BAR}\s(?:{_DATE}|{_MARK})$",
    re.IGNORECASE,
)
_BULLETS = " |｜★☆●○◆◇■□▲△▼▽▶►•・※🔒"
_TRAILING_CAPITALS = re.compile(rf"(?<=[a-z.])\s{_CAPITALS}!?$|\snew!$")
_TIME = re.compile(rf"{_OPEN}?(?:{_SINCE})?(?:{_DATE}|{_MOMENT}|{_AGE}|{_READING_TIME}){_CLOSE}?", re.IGNORECASE)
_SHORTENED = re.compile(r"(?:\.{2,}|…|‥)\W*$")
_PIN_MARK = re.compile(rf"\W*(?:{_PIN})(?:\s(?:post|story|article|news))?\W*", re.IGNORECASE)
_PIN_NAMES = re.compile(
    r"(?<![\w-])(?:(?:is-)?(?:pinned|sticky)|(?:pin(?:ned)?|sticky|featured)[-_](?:post|item|article|news|entry)"
    r"|editors?[-_]?(?:pick|choice)s?|stick[-_]to[-_]top)(?![\w-])",
    re.IGNORECASE,
)


def is_noise(text: str) -> bool:
    """Return whether a line is no headline: a time, a count, a mark, or the name of an action.

    >>> [is_noise(text) for text in ("Jan. 27, 10:05", "[PHOTO]", "Updated 3 hours ago", "(12)", "12 comments", "Print")]
    [True, True, True, True, True, True]
    >>> [is_noise(text) for text in ("New Bridge Opens", "3 Killed", "Live Music Returns", "Print Shops Close")]
    [False, False, False, False]
    """  # noqa: E501
    return len(text) <= _LONGEST_NOISE and _NOISE.fullmatch(text) is not None


def without_noise(text: str) -> str:
    """Return a line without times, counts and marks at its ends; an empty text for a line of nothing else.

    >>> [without_noise(text) for text in ("10:05 Rain in Oita", "Rain in Oita (Jan. 27, 10:05)", "Rain in Oita 2h ago")]
    ['Rain in Oita', 'Rain in Oita', 'Rain in Oita']
    >>> [without_noise(text) for text in ("[PHOTO] Rain in Oita (3)", "NEW Rain in Oita", "(Update 2) 3 Killed in Oita", "(3)")]
    ['Rain in Oita', 'Rain in Oita', '(Update 2) 3 Killed in Oita', '']
    >>> [without_noise(text) for text in ("5 Views of Mt. Fuji", "Film in 3D", "Gold in 100 M", "Fall of 3d Rain 3d")]
    ['5 Views of Mt. Fuji', 'Film in 3D', 'Gold in 100 M', 'Fall of 3d Rain']
    """  # noqa: E501
    if is_noise(text) or len(text) > 2 * _LONGEST_HEADLINE:
        return "" if is_noise(text) else text
    text = text.strip(_BULLETS)
    leading = _LEADING.match(text) or _LEADING_CAPITALS.match(text)
    rest = _TRAILING.sub("", text[leading.end() :] if leading else text)
    return _TRAILING_CAPITALS.sub("", rest).strip(_BULLETS) or text


def is_time(text: str) -> bool:
    """Return whether a text is a time and nothing else.

    >>> [is_time(text) for text in ("3 hours ago", "(June 2)", "Updated: June 2, 10:05", "3 Hours of Rain", "2")]
    [True, True, True, False, False]
    """
    return len(text) <= _LONGEST_NOISE and _TIME.fullmatch(text) is not None


def is_title(text: str) -> bool:
    """Return whether a line is capitalised as a headline.

    >>> is_title("Ward Mayor Quits over Use of Funds"), is_title("The mayor of a ward in Tokyo said he would")
    (True, False)
    """
    long_words = [word for word in text.split() if len(word) >= _LONG_WORD and word[0].isalpha()]
    return 2 * sum(word[0].isupper() for word in long_words) >= len(long_words)


def is_sentence(text: str) -> bool:
    """Return whether a line reads as a sentence, as teasers do and headlines do not.

    >>> is_sentence("Rain fell on Oita on Monday."), is_sentence("Rain Falls on Oita, Miyazaki Pref.")
    (True, False)
    """
    words = [word for word in text.split() if word[0].isalpha()]
    if len(text) > _LONGEST_HEADLINE or text.endswith("。"):
        return True
    return text.endswith((".", '."', ".”")) and 2 * sum(word[0].islower() for word in words) >= len(words)


def is_shortened(text: str) -> bool:
    """Return whether a line ends with an ellipsis.

    >>> is_shortened("Rain Falls on ..."), is_shortened("Rain Falls on Oita")
    (True, False)
    """
    return _SHORTENED.search(text) is not None


def without_ellipsis(text: str) -> str:
    """Return a line without an ellipsis at its end.

    >>> without_ellipsis("Rain Falls on ...")
    'Rain Falls on'
    """
    return _SHORTENED.sub("", text).strip()


def is_pin_mark(text: str) -> bool:
    """Return whether a line is the mark of an entry that is pinned to the top of its list.

    >>> is_pin_mark("[PINNED]"), is_pin_mark("Editor's Pick"), is_pin_mark("Pinned Down by Snow")
    (True, True, False)
    """
    return len(text) <= _LONGEST_NOISE and _PIN_MARK.fullmatch(text) is not None


def is_pin_name(names: str) -> bool:
    """Return whether class names are those of a pinned entry.

    >>> is_pin_name("item sticky"), is_pin_name("post featured-post"), is_pin_name("sticky-sidebar")
    (True, True, False)
    """
    return _PIN_NAMES.search(names) is not None
