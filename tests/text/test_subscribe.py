"""Subscribe sentences in many words, their position, and stories that quote or report one."""

import pytest

from jiji.text.wire_copy import may_open_subscribe, subscribe_start

SENTENCES = [
    "To read a full story, please click here to find out how to subscribe.",
    "To read the full story, please click here to find out how to subscribe.",
    "To read the full article, please subscribe.",
    "To read the full article, subscribe to Jiji Press English News.",
    "To read the rest of this story, log in or subscribe.",
    "To read the full article please subscribe.",
    "To read more, sign up for a subscription.",
    "To read this article in full, you need a subscription.",
    "To read on, you must be a subscriber.",
    "To continue reading, subscribe.",
    "To continue reading, please log in or subscribe",
    "To continue reading this article, become a member.",
    "To view the full text, register at www.jiji.com.",
    "To access the full report, click here and subscribe today.",
    "In order to read the whole article, please subscribe.",
    "Read the full story by subscribing.",
    "Read the full story by subscribing to our service.",
    "You can read the full article with a subscription.",
    "Continue reading with a free subscription.",
    "This article is for subscribers.",
    "This article is for subscribers only.",
    "This story is available only to paid subscribers.",
    "This content is exclusively for members.",
    "This article is reserved for our subscribers.",
    "The rest of this article is for subscribers only.",
    "The full text is available to subscribers.",
    "The full article can be read by subscribers.",
    "Subscribe to read the full story.",
    "Subscribe now to continue reading.",
    "Please subscribe to read the full article.",
    "Please log in to continue reading.",
    "Sign in to read the full article.",
    "Sign up to read more.",
    "Log in or subscribe to read more.",
    "Become a member to read the full story.",
    "Please click here to find out how to subscribe.",
    "Want to read more? Subscribe now.",
    "Would you like to read the full story? Please subscribe.",
    "TO READ THE FULL ARTICLE, PLEASE SUBSCRIBE.",
]
STORY = [
    "He came to read a full story to the children, please note.",
    'A notice says "To read a full story, please click here to find out how to subscribe."',
    'A notice says, "To read a full story, please click here to find out how to subscribe," under each story.',
    "“To read the full article, please subscribe,” the page now says.",
    '"Subscribe to read the full story," it said.',
    'It read: "This article is for subscribers."',
    "To read the full article, please subscribe, the page now says.",
    "To read the full report, members must register, the ministry said.",
    "To read the full article, readers must subscribe from April, the paper said.",
    "To read more of the letters, visitors may register at the desk.",
    "Readers can subscribe to read the full story from April.",
    "The paper asked readers to subscribe to read its stories.",
    "This article is for subscribers, the court found, according to the ruling.",
    "The full text is available to subscribers of the journal, the university said.",
    "The club is for members only from May, the mayor said.",
    "He read the full story by the window.",
    "The number of subscribers rose to 3 million.",
    "To see the river, the town built a pier.",
    "To read well, you need light.",
    "The members read the report.",
    "Subscribers rose by 9 pct.",
    "Subscribe was the word of the year.",
    "Subscribe to our newsletter.",
    "Sign up to read our newsletter every week.",
    "Enter your e-mail address to subscribe to our newsletter.",
    "Click here to subscribe.",
    "Already a subscriber? Log in.",
    "Members only",
    "Please log in to continue.",
    "To view the fair's program, visit the town's site and register.",
    "To access your account, please log in.",
    "",
]


@pytest.mark.parametrize("sentence", SENTENCES)
def test_subscribe_sentence_has_its_position(sentence: str) -> None:
    assert subscribe_start(sentence) == 0
    assert may_open_subscribe(sentence)
    for before in ("Rain fell on Osaka. ", '"Rain fell," he said. ', "Will it rain? ", "He left (early.) "):
        assert subscribe_start(before + sentence) == len(before), before
    assert subscribe_start(f"{sentence} (C)JIJI PRESS LTD., All rights reserved.") == 0 or sentence.endswith(
        ("only", "content")
    )


@pytest.mark.parametrize("text", STORY)
def test_story_about_subscribing_is_not_cut(text: str) -> None:
    assert subscribe_start(text) is None
    assert subscribe_start(f"Rain fell. {text} Snow fell.") is None


def test_sentence_of_the_site_stands_behind_anything() -> None:
    sentence = SENTENCES[0]
    assert subscribe_start(f"Rain fell {sentence}") == len("Rain fell ")
    assert subscribe_start(f'"Rain," he said. "Snow." {sentence}') == len('"Rain," he said. "Snow." ')


def test_quoted_sentence_before_the_real_one_is_passed_over() -> None:
    quoted = f'The page said, "{SENTENCES[0]}" He left. '
    assert subscribe_start(quoted + SENTENCES[0]) == len(quoted)
