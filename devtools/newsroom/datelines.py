"""Places of datelines, by kind of dateline. A report may have several places."""

PLACES: dict[str, tuple[tuple[str, ...], ...]] = {
    "tokyo": (("Tokyo",),),
    "city": (("Osaka",), ("Sapporo",), ("Fukuoka",), ("Hiroshima",), ("Naha",)),
    "prefecture": (
        ("Mito, Ibaraki Pref.",),
        ("Nago, Okinawa Pref.",),
        ("Matsumoto, Nagano Pref.",),
        ("Tokyo", "Mito, Ibaraki Pref."),
        ("Otsu, Shiga Pref.",),
    ),
    "joint": (("Seoul", "Tokyo"), ("Washington", "Tokyo"), ("Washington", "Seoul", "Tokyo")),
    "behind": (("Los Angeles",), ("Washington",), ("Sao Paulo",), ("Washington", "New York")),
    "undated": (("Wakayama",), ("Kanazawa",), ("Iida, Nagano Pref.",)),
    "abroad": (("New Delhi",), ("Seoul",), ("Bangkok",), ("Berlin",), ("Sydney",)),
    "journal": (("Paris",), ("Lisbon",), ("Nairobi",), ("Vienna",), ("Phnom Penh",), ("Montevideo",)),
    "odd": (
        *(("Rio de Janeiro",), ("São Paulo",), ("St. Petersburg",), ("Port-au-Prince",), ("Ho Chi Minh City",)),
        *(("Xi'an",), ("N'Djamena",), ("The Hague",), ("Winston-Salem",), ("Frankfurt am Main",)),
        *(("Cortina d'Ampezzo, Italy",), ("L'Aquila, Italy",), ("Dar es Salaam",), ("Santa Fe, N.M.",)),
        *(("Abu Dhabi, United Arab Emirates",), ("Port of Spain, Trinidad and Tobago",)),
    ),
}
"""Kind → its choices. "behind": the local day is the day before Japan's. "odd": particles, hyphens, apostrophes."""
FOREIGN = frozenset({"joint", "behind", "abroad"})

ALL_PLACES = tuple(dict.fromkeys(place for choices in PLACES.values() for places in choices for place in places))
