"""Verification of pages by their wording: invented wire copy, notices, other articles and damaged revisions."""

import pytest

from jiji.text.retelling import told_share
from jiji.text.verification import SURELY_TOLD, TOLD, Verdict, Wording, announces, judge_new, judge_revision

COPY = {
    "Govt to Draft Bill on River Dikes in Autumn": "The government plans to submit legislation on embankments to the "
    "Diet this fall, sources said Monday. The bill covers 40 rivers, and dikes would be raised by a meter in autumn.",
    "Rice Exports Up 12.4 Pct in April": "Shipments of rice abroad grew 12.4 percent from a year before last month, "
    "customs data showed. In April alone, 3,100 tons left the country.",
    "BOJ to Keep Buying Bonds for 5 Months": "The Bank of Japan will continue its purchases of government bonds until "
    "the end of the year, its deputy head said. Five months are enough to see results, he told reporters.",
    "2026 POLLS: Orito Wins Kitahoshi Mayoral Race": "Former fisherman Hana Orito was elected mayor of Kitahoshi on "
    "Sunday, beating two other candidates with a campaign for ferries.",
    "Pro Baseball: Rowdies Beat Lamps 3-1": "The Minasaki Rowdies defeated the Shiosaki Lamps 3-1 on Tuesday thanks "
    "to a strong start by left-hander Aki Doi.",
    "7 in 10 Firms Short of Drivers: Govt Survey": "About 70 percent of companies lack drivers, a survey by the "
    "government showed. Seven in every 10 firms with trucks said that they have turned down orders.",
    "N. Sea Crab Catch Falls to Record Low": "Crab landings in northern ports dropped to the lowest level on record "
    "this season. The catch was 40 tons, half of the year before, as warm water reached the North Sea.",
    "Aogiri Freight to Invest 7 B. Yen in Depot": "Aogiri Freight Co. said it will spend seven billion yen on a new "
    "depot in Wakamizu, its first in the prefecture.",
    "Tsunami Warning Lifted for Nijigahama Pref.": "Authorities canceled a warning of tidal waves for the coast of "
    "Nijigahama Prefecture. The tsunami was 20 centimeters high at most.",
    "Ex-Minister Kurobane Dies at 91": "Takumi Kurobane, who headed the ministry of forests in the 1980s, died of "
    "pneumonia at a hospital on Friday. He was 91.",
    "Man Held over Theft of 300 Umbrellas": "Police arrested a 45-year-old clerk on suspicion of stealing umbrellas "
    "from stations. Some 300 were found in his garage.",
    "U.S. Firm Quits Wind Farm Project off Shiosaki": "A consortium that plans turbines at sea near Shiosaki loses its "
    "American partner. The company, based in the U.S., withdrew from the wind farm because of rising costs.",
    "Snow Monkeys Get Own Hot Bath": "Macaques at a park in the mountains have a spring of their own from this winter. "
    "The monkeys bathe in the hot water while snow falls.",
    "Fukamine Seals Third Straight Judo Title": "Nina Fukamine won the national judo championships for the third year "
    "in a row on Saturday.",
    "Typhoon No. 9 Nears Southern Isles": "A large typhoon, the ninth of the season, approached the islands in the "
    "south on Thursday.",
    "Lower House Panel OKs Bill on School Meals": "A committee of the House of Representatives approved a bill on free "
    "meals at schools. The lower house is to vote on it next week.",
    "Yen Weakens to 155 Range against Dollar": "The dollar rose above 155 yen in Tokyo trading, its highest in three "
    "weeks, as the Japanese currency weakened after U.S. data.",
    "Govt, Ruling Bloc Agree on 2 T. Yen Relief": "The government and the ruling parties decided on aid of two "
    "trillion yen for farms hit by hail.",
}
"""Headlines in the manner of the wire, with leads that tell them in other words."""

NOTICES = (
    '"{0}" can be read in full in our app.',
    "{0}: this story is for members. Members sign in with their number and a password that comes by mail.",
    "We could not load the text of {0}. Try again later.",
    "Dear reader, the newspaper is closed today. It will be back tomorrow with all of its pages and columns.",
)


@pytest.mark.parametrize("headline", COPY)
def test_wire_copy_tells_its_headline_and_no_notice_does(headline: str) -> None:
    assert told_share(headline, COPY[headline]) >= SURELY_TOLD
    assert max(told_share(headline, notice.format(headline)) for notice in NOTICES) < TOLD
    text = COPY[headline]
    assert judge_new(Wording(headline, text), headline, days_off=0).verdict is Verdict.VERIFIED
    assert judge_new(Wording(headline, text), None, days_off=None).verdict is Verdict.PLAUSIBLE


@pytest.mark.parametrize("headline", COPY)
def test_another_article_is_never_verified(headline: str) -> None:
    for other, text in COPY.items():
        if other != headline:
            assert judge_new(Wording(other, text), headline, days_off=0).verdict is Verdict.UNVERIFIED, other
            assert judge_new(Wording(headline, text), headline, days_off=None).verdict is Verdict.UNVERIFIED, other
            earlier = Wording(headline, COPY[headline])
            assert judge_revision(Wording(other, text), headline, earlier).verdict is Verdict.UNVERIFIED, other
            assert judge_revision(Wording(headline, text), headline, earlier).verdict is Verdict.UNVERIFIED, other


@pytest.mark.parametrize(
    ("listed", "printed", "expected"),
    [
        ("Rain Falls on Osaka", "Rain Falls on Osaka", True),
        ("RAIN FALLS ON OSAKA", "Rain Falls on Osaka", True),
        ("Rain Falls on Os...", "Rain Falls on Osaka", True),
        ("Rain Falls …", "(Update 2) Rain Falls on Osaka", True),
        ("Rain Falls on Osaka", "Heavy Rain Falls on Osaka City", True),
        ("Rain Falls on Osaka: Agency", "Rain Falls on Osaka", True),
        ("Tokyo Stocks End 1.2 Pct Higher", "Tokyo Stocks End 0.8 Pct Higher", False),
        ("Kurobane Wins Lantern Cup", "Kuroshio Wins Lantern Cup", False),
        ("...", "Rain Falls on Osaka", False),
        ("Rain Falls on Osaka", "Rain", False),
        ("Rain Falls on Osaka", "Jiji Press", False),
    ],
)
def test_headlines_agree(listed: str, printed: str, *, expected: bool) -> None:
    assert announces(listed, printed) is expected


LEAD = "Rain fell on the port of Osaka for the ninth day in a row on Monday, the local weather agency said."
EARLIER = Wording(
    "Rain Falls on Osaka for Ninth Day", f"{LEAD}\n\nTwo streets were closed.\n\nNo one was hurt, it said."
)


@pytest.mark.parametrize(
    "page",
    [
        Wording(EARLIER.headline, "Loading..."),
        Wording("Loading...", EARLIER.body),
        Wording("Error", EARLIER.body),
        Wording("{{headline}}", EARLIER.body),
        Wording("Rain", EARLIER.body),
        Wording("Jiji Press", EARLIER.body),
        Wording(EARLIER.headline, "{{ body }}"),
        Wording(EARLIER.headline, "Rain"),
        Wording(EARLIER.headline, LEAD[:60]),
        Wording(EARLIER.headline, f"{LEAD}\n\nTwo streets we"),
        Wording(EARLIER.headline, "An error occurred while the page was made.\n\nPlease try again in a few minutes."),
        Wording(EARLIER.headline, f'"{EARLIER.headline}" can be read in full in our app, which is free for everyone.'),
    ],
    ids=str,
)
def test_damaged_page_is_no_revision(page: Wording) -> None:
    assert judge_revision(page, EARLIER.headline, EARLIER).verdict is Verdict.UNVERIFIED
    assert judge_revision(page, None, EARLIER).verdict is Verdict.UNVERIFIED


@pytest.mark.parametrize(
    "page",
    [
        EARLIER,
        Wording("Rain Floods Osaka Port", EARLIER.body.replace("Two streets were closed", "The port is flooded")),
        Wording(
            "(Update 1) Ninth Rainy Day Closes Osaka Streets", f"Osaka closed streets on a rainy day.\n\n{EARLIER.body}"
        ),
        Wording(EARLIER.headline, LEAD),
        Wording(EARLIER.headline, EARLIER.body.replace("Two", "Three")),
        Wording(EARLIER.headline, f"{EARLIER.body}\n\nFerries stay in port."),
        Wording(
            EARLIER.headline, "It has now rained in Osaka for nine days. The ninth brought the heaviest rain that fell."
        ),
    ],
    ids=str,
)
def test_correction_is_a_revision(page: Wording) -> None:
    assert judge_revision(page, EARLIER.headline, EARLIER).verdict is Verdict.VERIFIED


def test_announced_headline_with_another_text_is_a_revision() -> None:
    page = Wording("Sun Shines on Osaka Again", "The sun shone on Osaka again on Tuesday.\n\nFerries left the port.")
    assert judge_revision(page, page.headline, EARLIER).verdict is Verdict.VERIFIED
    assert judge_revision(page, EARLIER.headline, EARLIER).verdict is Verdict.UNVERIFIED


def test_short_text_is_measured_by_the_usual_length() -> None:
    page = Wording("Rain Falls on Osaka for Ninth Day", LEAD)
    assert judge_new(page, page.headline, days_off=0, usual=900).verdict is Verdict.VERIFIED
    assert judge_new(page, page.headline, days_off=0, usual=1600).verdict is Verdict.UNVERIFIED
