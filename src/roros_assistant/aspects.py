"""Broad questions: what they are about, and what a page about any destination would say to them.

A broad question ("what is there to do?") is answered by many sentences that share no word with it. So each subject has
likely sentences, written here once for every destination; what the sources say lies near them in meaning.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Embed = Callable[[list[str]], list[list[float]]]
Vectors = NDArray[np.float64]
# Cosine of a question with the nearest of a subject's own ways to ask: of the golden questions 90 % of the broad ones
# reach .50, 90 % of those that the sources do not answer stay below .49.
_ABOUT = 0.42
# Subjects that are as near as the nearest, but for this, are meant too.
_ALSO = 0.08


@dataclass(frozen=True, slots=True)
class Subject:
    """A broad subject: how travellers ask for it, and sentences that would answer."""

    asked: tuple[str, ...]
    said: tuple[str, ...]


_FEEL = (
    "Charming and pretty as a postcard.",
    "The ambience is rustic, lively or romantic.",
    "It is peaceful and empty after dark.",
    "A fascinating destination that surprised me.",
    "It looks like the pictures that I had in mind.",
    "We loved our stay.",
)
_AGAINST = (
    "Unfortunately the shops and sights were shut.",
    "The area looked uninviting and dull.",
    "Beds are scarce, so book early.",
    "There was nobody around and nothing going on.",
    "The weather spoiled our trip.",
    "It is overcrowded, overpriced and hard to reach.",
    "The sight itself is ugly.",
)

# Every subject that a visitor to any place may ask for in general words. Written with coasts, cities and mountains in
# mind alike; a test keeps out the wording of the sources that come with the package.
SUBJECTS: dict[str, Subject] = {
    "things to do": Subject(
        (
            "things to do and sights to see",
            "what should we visit in a day",
            "ideas for our itinerary",
            "attractions worth seeing",
            "activities for visitors",
        ),
        (
            "Visitors can tour the museum and see its exhibitions.",
            "The cathedral or parish church is a landmark.",
            "The high street is lined with boutiques, cafés and bars.",
            "From the lookout the panorama is superb.",
            "Wander through the historic district and its lanes.",
            "Popular activities are hiking, kayaking, cycling and boat trips.",
            "Nature reserves and parks lie within reach.",
            "Festivals, concerts and markets fill the calendar.",
            "Sample regional specialities at a farm, winery or brewery.",
            "Most sightseeing begins on the central square.",
        ),
    ),
    "season": Subject(
        (
            "what season is best",
            "which time of the year should I travel",
            "summer or winter, when to come",
            "ideal month for a trip",
        ),
        (
            "The warm months are lively.",
            "Yuletide is festive and snowy.",
            "Off season many places shut.",
            "The weather in early spring is still cold.",
            "Autumn has fewer crowds and beautiful colours.",
            "Go in summer to enjoy it most.",
            "We plan to come back in another season.",
        ),
    ),
    "winter": Subject(
        ("what is it like in winter", "the place in the cold season with snow", "a trip at Christmas time"),
        (
            "Deep snow covers roofs and streets.",
            "Skiing, skating, sledges and snowshoes are on offer.",
            "Christmas markets glow with lights.",
            "Days are short, dark and freezing.",
            "Many businesses close over the holidays.",
            "Frost and ice last into spring.",
        ),
    ),
    "the place": Subject(
        (
            "general information about this place",
            "give me an overview of the destination",
            "what is it famous for",
            "why is this place special",
            "describe it to me",
        ),
        (
            "The community lies in a remote valley or on the coast, far from big cities.",
            "Settlers established it centuries ago.",
            "It is protected as heritage of humanity.",
            "Its old centre survives almost unchanged.",
            "People nickname it the capital of music, cheese or skiing.",
            "Industry has given way to visitors.",
            "It has won prizes for how it treats the environment.",
        ),
    ),
    "history": Subject(
        ("its past and how it began", "the history of the place and its industry"),
        (
            "The settlement was founded by royal charter.",
            "Trade and manufacturing made it rich.",
            "Production stopped and the works were closed for good.",
            "An exhibition tells how people lived and worked.",
            "Ruins and relics remind of that era.",
            "Waste and pits of that era still mark the landscape.",
            "The street plan has hardly changed.",
        ),
    ),
    "buildings": Subject(
        ("what are the buildings like", "architecture and old houses"),
        (
            "The houses are built of wood, stone or brick.",
            "Colourful fronts, gables and roofs catch the eye.",
            "Many homes are several hundred years old.",
            "Conservation keeps the historic appearance.",
            "A steeple dominates the skyline.",
            "The style is typical of the region.",
        ),
    ),
    "atmosphere": Subject(
        ("how does the place feel", "what is the mood there", "is it calm, lively or touristy"),
        _FEEL,
    ),
    "quiet": Subject(
        ("somewhere peaceful away from the crowds", "a remote place without many tourists"),
        (
            "A small rural community far from the cities.",
            "The district is calmer than downtown.",
            "We were the only guests in the house.",
            "Few tourists find their way here.",
            "It lies off the usual route.",
            "Lodging is limited.",
        ),
    ),
    "against": Subject(
        ("what is bad about it", "disadvantages and disappointments", "why should I not travel there"),
        _AGAINST,
    ),
    "food": Subject(
        ("where and what to eat", "local food and restaurants"),
        (
            "Local produce and traditional dishes make the cuisine famous.",
            "Book a tasting at a farm or dairy.",
            "Restaurants, bakeries and cafés line the street.",
            "Producers sell cheese, fish, meat and bread.",
        ),
    ),
    "nature": Subject(
        ("outdoors and landscapes", "nature, wildlife and hiking"),
        (
            "Reserves and parks protect the mountains, forests and lakes.",
            "Go hiking, skiing, cycling or riding.",
            "The viewpoint looks over hills and plains.",
            "Farms let you meet their animals.",
        ),
    ),
    "culture": Subject(
        ("events, art and traditions", "cultural life and festivals"),
        (
            "Concerts, theatre and art exhibitions are held all year.",
            "Annual fairs and seasonal markets draw crowds.",
            "It was once a capital of culture.",
            "Crafts, costumes and traditions are kept alive.",
            "Heritage is shown to guests.",
        ),
    ),
    "families": Subject(
        ("travelling with children", "fun for the kids"),
        (
            "Children can ride, sledge, swim and play.",
            "Animals at the farm delight the little ones.",
            "The museum lets kids try things.",
            "Short walks and easy climbs suit all ages.",
            "Fairs have something for everyone.",
        ),
    ),
    "photographs": Subject(
        ("where to take pictures", "scenic views and photo motifs"),
        (
            "The panorama from the hill is spectacular.",
            "Picturesque lanes and old fronts make good pictures.",
            "The steeple stands out against the sky.",
            "Bridges mirror in the water.",
            "Snow gives the scenery a special light.",
        ),
    ),
    "getting there": Subject(
        ("how can we arrive", "directions", "means of transport to the place"),
        (
            "Trains run from the capital in a few hours.",
            "Take the motorway by car.",
            "Coaches leave the bus station daily.",
            "The airport has domestic flights.",
            "Reaching it is simplest by rail.",
        ),
    ),
    "staying": Subject(
        ("accommodation and hotels", "where can one sleep"),
        (
            "Rooms are let in hotels, hostels and guest houses.",
            "Tents and caravans find space on a campsite.",
            "Accommodation is limited in number.",
            "We spent two nights in an inn.",
        ),
    ),
    "opinions": Subject(
        ("what do visitors think of it", "reviews and impressions of travellers"),
        _FEEL + _AGAINST,
    ),
    "sustainability": Subject(
        ("is it green and responsible", "sustainable travel and the environment"),
        (
            "It carries an eco-label for green tourism.",
            "Harm to nature and residents is kept low.",
            "Prizes honoured this responsible approach.",
            "Nature, culture and local people come first.",
            "Others could learn from this example.",
        ),
    ),
    "organisation": Subject(
        ("what does the tourist organisation do", "the work and the successes of the destination company"),
        (
            "The tourist board markets the area and runs an information desk.",
            "It arranges events and supports projects.",
            "It was shortlisted for awards and won some.",
            "A new plan brought growth and profit.",
            "Hundreds of firms are members.",
            "Courses and advice are offered to companies and other destinations.",
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class Meant:
    """What a question is about, if it is a broad one."""

    breadth: float = 0.0  # a cosine: how surely it is about one of the subjects; 0.0 if about none
    likely: Vectors = field(default_factory=lambda: np.zeros((0, 0)))  # what would answer: (sentences, dimensions)
    others: tuple[Vectors, ...] = ()  # those of every other subject


class Aspects:
    """Tells what a broad question is about; embeds its sentences once."""

    def __init__(self, embed: Embed) -> None:
        self._asked = [np.asarray(embed(list(subject.asked))) for subject in SUBJECTS.values()]
        self._said = [np.asarray(embed(list(subject.said))) for subject in SUBJECTS.values()]

    def of(self, question: Sequence[float]) -> Meant:
        """What a question, by its vector, is about."""
        nearness = np.array([(ways @ np.asarray(question)).max() for ways in self._asked])
        best = float(nearness.max())
        if best < _ABOUT:
            return Meant()
        is_meant = nearness >= max(_ABOUT, best - _ALSO)
        meant = [said for said, chosen in zip(self._said, is_meant, strict=True) if chosen]
        others = [said for said, chosen in zip(self._said, is_meant, strict=True) if not chosen]
        return Meant(best, np.concatenate(meant), tuple(others))
