"""Bylines and other lines above a dateline: persons only, and lines that only look like a byline."""

import pytest

from jiji.text.wire_copy import byline_authors, is_byline, is_opening_matter

BYLINES = {
    "By Hana Orito": ["Hana Orito"],
    "By Hana Orito and Ken Doi": ["Hana Orito", "Ken Doi"],
    "By Hana Orito, Ken Doi and Rei Sato": ["Hana Orito", "Ken Doi", "Rei Sato"],
    "By Hana Orito, Ken Doi, and Rei Sato": ["Hana Orito", "Ken Doi", "Rei Sato"],
    "By Hana Orito in Seoul": ["Hana Orito"],
    "By Hana Orito in New York": ["Hana Orito"],
    "By Hana Orito, in Seoul": ["Hana Orito"],
    "By Hana Orito, Seoul": ["Hana Orito"],
    "By Hana Orito, New York": ["Hana Orito"],
    "By Hana Orito in Seoul and Ken Doi in Tokyo": ["Hana Orito", "Ken Doi"],
    "By Hana Orito in Seoul and Tokyo": ["Hana Orito"],
    "By Hana Orito, reporting from Dar es Salaam": ["Hana Orito"],
    "By Hana Orito with Ken Doi in Paris": ["Hana Orito", "Ken Doi"],
    "By Hana Orito and AFP": ["Hana Orito"],
    "By AFP and Hana Orito": ["Hana Orito"],
    "By Hana Orito, AFP-Jiji": ["Hana Orito"],
    "By Hana Orito, Jiji Press": ["Hana Orito"],
    "By Hana Orito Jiji Press": ["Hana Orito"],
    "By Hana Orito of Jiji Press": ["Hana Orito"],
    "By Hana Orito (Jiji Press)": ["Hana Orito"],
    "By Hana Orito / Jiji Press": ["Hana Orito"],
    "By Hana Orito | JIJI PRESS": ["Hana Orito"],
    "By Hana Orito and Ken Doi, Jiji Press": ["Hana Orito", "Ken Doi"],
    "By Hana Orito, Senior Reporter": ["Hana Orito"],
    "By Hana Orito, senior reporter": ["Hana Orito"],
    "By Hana Orito, Staff Writer, and Ken Doi": ["Hana Orito", "Ken Doi"],
    "By Hana Orito, Staff Writer, and Ken Doi, Photographer": ["Hana Orito", "Ken Doi"],
    "By Hana Orito, Jiji Press Staff Writer": ["Hana Orito"],
    "By Hana Orito Staff Writer": ["Hana Orito"],
    "By Hana Orito, Editor-in-Chief": ["Hana Orito"],
    "By Hana Orito, Editor in Chief": ["Hana Orito"],
    "By Hana Orito, Washington Bureau Chief": ["Hana Orito"],
    "By Hana Orito, Foreign Policy Analyst": ["Hana Orito"],
    "By Hana Orito, Professor of Law at Osaka University": ["Hana Orito"],
    "By Hana Orito, political correspondent": ["Hana Orito"],
    "By Hana Orito, Special to Jiji Press": ["Hana Orito"],
    "By Senior Reporter Hana Orito": ["Hana Orito"],
    "By Staff Writer Hana Orito and Photographer Ken Doi": ["Hana Orito", "Ken Doi"],
    "By Washington Bureau Chief Hana Orito": ["Hana Orito"],
    "By Dr. Hana Orito": ["Hana Orito"],
    "BY HANA ORITO": ["HANA ORITO"],
    "By HANA ORITO AND KEN DOI": ["HANA ORITO", "KEN DOI"],
    "BY HANA ORITO, STAFF WRITER": ["HANA ORITO"],
    "BY HANA ORITO, JIJI PRESS": ["HANA ORITO"],
    "By Rei O'Hara-Sato, Jr. and J. R. Doi III": ["Rei O'Hara-Sato, Jr.", "J. R. Doi III"],
    "By Ken van der Ido and María de la Cruz": ["Ken van der Ido", "María de la Cruz"],
    "By Min-jun Park & Łucja Żak": ["Min-jun Park", "Łucja Żak"],
    "By ORITO Hana": ["ORITO Hana"],
    "By Hana Orito and others": ["Hana Orito"],
}
WITHOUT_PERSONS = [
    "By Jiji Press",
    "By AFP",
    "By AFP-Jiji",
    "BY JIJI PRESS",
    "By a staff writer",
    "By Staff Writers",
    "By our correspondent in Seoul",
]
SENTENCES = [
    "By Friday",
    "By Friday, Osaka will decide.",
    "By Jan. 5",
    "By March 2027 the bridge will stand.",
    "By the end of March, Osaka will decide.",
    "By then, Hana Orito had left.",
    "By Hana Orito's count, nine boats sank.",
    "By Hana Orito the river froze.",
    "By the staff of the hotel",
    "By contrast, Osaka grew.",
    "By train, the editor reached Ome.",
    "By a vote of 5 to 4, the council agreed.",
    "By 2030",
    "Standing By Hana Orito",
    "Photo by Hana Orito",
    "by",
    "By",
    "By ",
    "By , ",
    "By and and and",
]


@pytest.mark.parametrize(("text", "authors"), BYLINES.items())
def test_authors_are_the_persons(text: str, authors: list[str]) -> None:
    assert byline_authors(text) == authors
    assert is_byline(text)
    assert is_opening_matter(text)


@pytest.mark.parametrize("text", WITHOUT_PERSONS)
def test_byline_without_persons(text: str) -> None:
    assert is_byline(text)
    assert byline_authors(text) == []


@pytest.mark.parametrize("text", SENTENCES)
def test_sentence_is_no_byline(text: str) -> None:
    assert not is_byline(text)
    assert byline_authors(text) == []


NOTES = [
    "(Correction: The second paragraph names the right river.)",
    "(CORRECTION: the ferry carries 300 people, not 30)",
    "(Corrects spelling of the river in paragraph 2)",
    "(Corrected)",
    "[Correction] The ferry carries 300 people.",
    "（Correction: The ferry carries 300 people.）",
    "Correction: The ferry carries 300 people, not 30.",
    "CORRECTION - The ferry carries 300 people.",
    "CORRECTED",
    "CORRECTED-Ferry Line Back after Storm",
    "CORRECTED: Ferry Line Back after Storm",
    "CORRECTED - Ferry Line Back after Storm",
    "UPDATE 1",
    "Update 2",
    "(Update 1)",
    "UPDATE 1-Ferry Line Back after Storm",
    "UPDATE 2 - Ferry Line Back after Storm",
    "2ND LEAD",
    "URGENT",
    "(Updates with the mayor's remarks)",
    "(Recasts, adds quotes)",
    "(Adds details in paragraphs 3-5)",
    "(Eds: photo available)",
    "Editor's note: The writer lives in Ome.",
    "Editors' Note: The writer lives in Ome.",
    "This story has been corrected: the ferry carries 300 people.",
    "An earlier version of this article misspelled the river's name.",
    "Clarification: The pier is to be built in spring.",
]
NO_NOTES = [
    "Updated maps show the river.",
    "Corrected figures are due in May.",
    "(left)",
    "(2024)",
    "The ministry added a note (correction: two notes).",
    "Notes from the river were read aloud.",
    "Update on the ferry is due.",
    "Adds color to the street.",
    "Corrections officers went on strike.",
    "Exclusive hotels open in Ome.",
    "This story is about a ferry.",
    "A boat by the pier",
    "",
]


@pytest.mark.parametrize("text", NOTES)
def test_note_above_the_dateline_is_opening_matter(text: str) -> None:
    assert is_opening_matter(text)


@pytest.mark.parametrize("text", NO_NOTES)
def test_other_line_is_no_opening_matter(text: str) -> None:
    assert not is_opening_matter(text)
