"""Broad questions: what they are about, and what a page about any destination would say to them.

A broad question ("what is there to do?") is answered by many sentences that share no word with it. So each subject has
likely sentences, written here once for every destination; what the sources say lies near them in meaning.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

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


_DO = (
    "There is a museum where you can learn about history.",
    "There is an old church worth seeing.",
    "Walk along the main street with its shops, cafés and restaurants.",
    "Climb up for a great view over the place.",
    "Stroll through the old quarter and admire its historic houses.",
    "Activities include hiking, skiing, cycling, swimming and guided tours.",
    "There are national parks and protected areas nearby.",
    "Fairs, festivals and cultural events are organised.",
    "Taste local food and visit a farm.",
    "This is a great place to start your visit.",
)
_SEASON = (
    "Summer is the best time to go.",
    "Winter is magical, especially around Christmas.",
    "It may not have been the best time to visit.",
    "In spring there is still snow on the ground.",
    "Out of season much was closed when we were there.",
    "I would love to see it in summer.",
)
_PLACE = (
    "It is a small town close to the border.",
    "It was founded centuries ago and grew with its industry.",
    "It is on the world heritage list for its character.",
    "Its historic buildings have been well preserved.",
    "It is often called the capital of something.",
    "The old industry is gone and tourism has taken its place.",
    "It is a certified sustainable destination and has received awards.",
)
_FEEL = (
    "The place is quaint and picturesque, such a beautiful town.",
    "It has a special atmosphere.",
    "It is quiet, almost deserted.",
    "What an interesting place, quite remarkable.",
    "It is just how I imagined it to be.",
    "I really liked it when visiting.",
)
_AGAINST = (
    "Sadly everything was closed during our visit.",
    "It did not look very inviting.",
    "There is little choice of places to stay.",
    "It felt deserted.",
    "It may not have been the best time to visit.",
    "It is crowded, expensive and hard to reach.",
    "It is not particularly attractive.",
)

# Every subject that a visitor to any place may ask for in general words.
SUBJECTS: dict[str, Subject] = {
    "things to do": Subject(
        (
            "things to do and sights to see",
            "what should we visit in a day",
            "ideas for our itinerary",
            "attractions worth seeing",
            "activities for visitors",
        ),
        _DO,
    ),
    "season": Subject(
        (
            "what season is best",
            "which time of the year should I travel",
            "summer or winter, when to come",
            "ideal month for a trip",
        ),
        _SEASON,
    ),
    "winter": Subject(
        ("what is it like in winter", "the place in the cold season with snow", "a trip at Christmas time"),
        (
            "Everything was covered in snow and ice.",
            "Winter is magical, especially around Christmas.",
            "In the holidays much was closed.",
            "Winter activities are skiing, skating and sledding.",
            "There is a Christmas market and a winter festival.",
            "It was cold and dark, not the best time to visit.",
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
        _PLACE,
    ),
    "history": Subject(
        ("its past and how it began", "the history of the place and its industry"),
        (
            "It was founded centuries ago and became important for trade and industry.",
            "The old industry no longer exists and tourism has taken over.",
            "In the museum you can learn about the history of the place.",
            "The remains of the old works can still be seen.",
            "The landscape was shaped by the people who worked here.",
            "The historic layout of the town has been preserved.",
        ),
    ),
    "buildings": Subject(
        ("what are the buildings like", "old houses and their architecture"),
        (
            "Traditional houses stand in the old quarter.",
            "You can admire the facades and roofs of these houses.",
            "The houses are very old.",
            "The historic buildings of wood or stone have been preserved.",
            "The tower of the church rises above the roofs.",
            "Their colours and style are typical of the country.",
        ),
    ),
    "atmosphere": Subject(
        ("how does the place feel", "what is the mood there", "is it calm, lively or touristy"),
        _FEEL,
    ),
    "quiet": Subject(
        ("somewhere peaceful away from the crowds", "a remote place without many tourists"),
        (
            "It is a small and rural town close to the border.",
            "This neighbourhood is far quieter than the centre.",
            "I had the whole place to myself, hardly anybody was there.",
            "It is another side of the country, away from the popular locations.",
            "There are few places to stay.",
        ),
    ),
    "against": Subject(
        ("what is bad about it", "disadvantages and disappointments", "why should I not travel there"),
        _AGAINST,
    ),
    "food": Subject(
        ("where and what to eat", "local food and restaurants"),
        (
            "The region is known for its local food.",
            "Taste local food on a food tour or at a farm.",
            "Along the street you find shops and restaurants.",
            "Local producers sell cheese, fish, meat and bread.",
        ),
    ),
    "nature": Subject(
        ("outdoors and landscapes", "nature, wildlife and hiking"),
        (
            "There are national parks and protected areas.",
            "Outdoor activities include hiking, skiing and cycling.",
            "From the top you have views over the landscape.",
            "Visit an active farm with animals.",
        ),
    ),
    "culture": Subject(
        ("events, art and traditions", "cultural life and festivals"),
        (
            "Many cultural events take place.",
            "Fairs and a Christmas market are organised.",
            "It has been declared a town of culture.",
            "The world heritage and its values are shown to visitors.",
            "The museum shows art, crafts and clothes of the past.",
        ),
    ),
    "families": Subject(
        ("travelling with children", "fun for the kids"),
        (
            "Children can ride, sledge, swim and play.",
            "Visit a farm with animals and taste local food.",
            "There is a museum where children can learn and try things.",
            "Climb up the hill for a view.",
            "Walk along the streets and over the bridges.",
            "There are fairs, markets and festivals.",
        ),
    ),
    "photographs": Subject(
        ("where to take pictures", "scenic views and photo motifs"),
        (
            "From the top you have unparalleled views over the place.",
            "The old houses and streets are picturesque.",
            "The tower of the church rises over the low roofs.",
            "Old bridges cross the river.",
            "The place is covered in snow.",
        ),
    ),
    "getting there": Subject(
        ("how to get there", "travelling to the place by train, bus, car or plane", "directions and transport"),
        (
            "The easiest way to get there is by train.",
            "It takes some hours from the nearest city.",
            "Buses run there every day.",
            "By car it is a long drive on the main road.",
            "There are flights to the airport nearby.",
        ),
    ),
    "staying": Subject(
        ("accommodation and hotels", "where can one sleep"),
        (
            "There are a few hotels, hostels and guest houses to stay at.",
            "There is a camping area.",
            "I stayed in a hostel.",
        ),
    ),
    "opinions": Subject(
        ("what do visitors think of it", "reviews and impressions of travellers"),
        _FEEL + _AGAINST,
    ),
    "sustainability": Subject(
        ("is it green and responsible", "sustainable travel and the environment"),
        (
            "It is a certified sustainable destination.",
            "The aim is to reduce the harm that tourism does.",
            "The work with responsible tourism has received awards.",
            "The focus lies on nature, culture and the community.",
            "It should be a model for other towns.",
        ),
    ),
    "organisation": Subject(
        ("what does the tourist organisation do", "the work and the successes of the destination company"),
        (
            "The main areas of our work are promotion and the tourist information.",
            "We organise fairs and conduct development projects.",
            "We have received awards and were nominated for a prize.",
            "Our strategy has led to growth and better results.",
            "The organisation consists of many businesses in the region.",
            "We train businesses and other destinations learn from us.",
        ),
    ),
}


class Aspects:
    """Tells what a broad question is about; embeds its sentences once."""

    def __init__(self, embed: Embed) -> None:
        self._asked = [np.asarray(embed(list(subject.asked))) for subject in SUBJECTS.values()]
        self._said = [np.asarray(embed(list(subject.said))) for subject in SUBJECTS.values()]

    def of(self, question: Sequence[float]) -> tuple[float, Vectors]:
        """How surely a question, by its vector, is about one of the subjects, and the likely sentences.

        Returns:
            A cosine, and vectors of shape ``(sentences, dimensions)``; 0.0 and none for a question about none of them.
        """
        nearness = np.array([(ways @ np.asarray(question)).max() for ways in self._asked])
        best = float(nearness.max())
        if best < _ABOUT:
            return 0.0, np.zeros((0, len(question)))
        chosen = np.flatnonzero(nearness >= max(_ABOUT, best - _ALSO))
        return best, np.concatenate([self._said[index] for index in chosen])
