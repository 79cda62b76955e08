"""Credits of any agency, and the ends of captions and lines that are no credit."""

import pytest

from jiji.text.wire_copy import is_publisher_copyright, lone_credit, split_credit

BRACKETED = """Aflo|AFLO|EPA-Jiji|AFP=Jiji|AFP-Jiji|時事|AFP時事|EPA=時事|時事通信社|Getty Images
AFP via Getty Images|AP Photo/Aki Doi|AP Photo/Aki Doi, File|AP|Kyodo|Kyodo News|Reuters
REUTERS/Aki Doi|Reuters/Aki Doi/Pool|AFP/Aki Doi|Aki Doi/AFP|Aki Doi/Pool via AP
Courtesy of Ome City|Courtesy Ome City|Photo courtesy of Ome City|提供写真|写真=時事|共同
Provided by the Ome Museum|Provided|Supplied|Pool|Pool photo|POOL|file photo
Photo by Aki Doi|Photo: Aki Doi|Photos by Aki Doi|Handout|Handout photo|Ome City handout
(c)AFP|(C)AFP-Jiji|(c)AFP/Aki Doi|©AFP|© Aki Doi|©2026 Aki Doi|© 2026 Ome Museum|Image: NASA
NASA|Xinhua|Yonhap|dpa|ZUMA Press|SOPA Images|Imago Images|KCNA via KNS|UPI|TASS|ANSA
ロイター|アフロ|Jiji Press|JIJI PRESS|Jiji|Xinhua-Jiji|AFP file photo|Credit: Aki Doi
Photo credit: Aki Doi|撮影・土居あき""".replace("\n", "|").split("|")
NOT_CREDITS = """left|right|C|c|2024|center|from left|front row, second from right|left photo|top photo|WHO
NATO|LDP|JST|GMT|third point|behind them, the new pool|supplied with fresh water|the press
copyright law|born 1951|population 130,000|AP, a hotel|c) third|49|second photo from left
Tokyo|Aki Doi|Govt Survey|provided that it rains|in this photo""".replace("\n", "|").split("|")
SIGNED = """(c)AFP|(C)AFP|(C)AFP-Jiji|(c)AFP/Aki Doi|(c) AFP|(C) Getty Images|©AFP|© AFP|© Aki Doi
(c)Aki Doi|(C)Ome City Museum|(c)2026 AFP|（C）時事|（c）AFP＝時事|© 2026 Aki Doi/AFP
(C)JIJI PRESS|(C)Jiji Press""".replace("\n", "|").split("|")
COPYRIGHT = [
    "(C)JIJI PRESS LTD., All rights reserved.",
    "(C) JIJI PRESS, LTD. ALL RIGHTS RESERVED.",
    "(c)Jiji Press Ltd., All rights reserved",
    "Copyright (C) JIJI PRESS LTD. All rights reserved.",
    "Copyright Jiji Press",
    "Copyright © 2026 Jiji Press Ltd.",
    "© 2026 Jiji Press",
    "© Jiji Press Ltd.",
    "© 2024-2026 JIJI PRESS LTD.",
    "[Copyright The Jiji Press, Ltd.]",
    "(C) AFP-Jiji. All rights reserved.",
    "Copyright(C) Jiji Press, Ltd. All rights reserved. No reproduction or republication without written permission.",
]
NO_COPYRIGHT = [
    *SIGNED,
    "(c) third point",
    "(C) Third point.",
    "Copyright was no issue, the firm said.",
    "Copyright holders asked Jiji Press Ltd. to pay.",
    "Jiji Press Ltd. moved to Ginza.",
    "All rights reserved seats were sold.",
    "",
]


@pytest.mark.parametrize("credit", BRACKETED)
def test_credit_in_brackets(credit: str) -> None:
    for opening, closing in ("()", "[]", "（）", "【】"):
        text = f"{opening}{credit}{closing}"
        assert split_credit(f"A boat (left) by the pier {text}") == ("A boat (left) by the pier", credit)
        assert split_credit(f"A boat by the pier. {text}.") == ("A boat by the pier.", credit)
        assert lone_credit(text) == credit


@pytest.mark.parametrize("text", NOT_CREDITS)
def test_other_brackets_stay(text: str) -> None:
    caption = f"A boat by the pier ({text})"
    assert split_credit(caption) == (caption, None)
    assert lone_credit(f"({text})") is None


@pytest.mark.parametrize("credit", SIGNED)
def test_credit_behind_a_copyright_sign(credit: str) -> None:
    assert split_credit(f"A boat by the pier {credit}") == ("A boat by the pier", credit)
    assert split_credit(f"A boat. {credit}") == ("A boat.", credit)
    assert lone_credit(credit) == credit
    assert not is_publisher_copyright(credit)


@pytest.mark.parametrize(
    "text",
    [
        "(c) third point",
        "(C) Third point",
        "(c) the council agreed to build the pier.",
        "(a) Osaka, (b) Kyoto and (c) Nara",
        "(A)Osaka (B)Kyoto (C)Nara",
        "A boat by the pier",
        "The copyright sign © is old.",
        "She sang (C) and (D).",
        "Jiji Press",
        "JIJI PRESS",
        "Jiji",
        "AFP-JIJI PRESS NEWS JOURNAL",
        "AFP said so.",
        "Reuters was founded in 1851.",
        "Photo day in Ome",
        "©",
        "(c)",
        "()",
        "",
    ],
)
def test_line_that_is_no_credit(text: str) -> None:
    assert lone_credit(text) is None
    assert split_credit(text) == (text, None)


@pytest.mark.parametrize(
    "text", ["AFP-Jiji", "AFP", "Getty Images/Aki Doi", "AP Photo/Aki Doi", "Photo by Aki Doi", "Photo: AFP"]
)
def test_credit_on_a_line_without_brackets(text: str) -> None:
    assert lone_credit(text) == text


@pytest.mark.parametrize("text", COPYRIGHT)
def test_publishers_copyright_line(text: str) -> None:
    assert is_publisher_copyright(text)
    assert lone_credit(text) is None


@pytest.mark.parametrize("text", NO_COPYRIGHT)
def test_line_that_is_no_copyright_line(text: str) -> None:
    assert not is_publisher_copyright(text)
