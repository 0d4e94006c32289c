"""Small talk, what only leads up to a question, and questions about the last answer or the assistant itself."""

import re

# A text, not a site that a traveller may stand on.
_SOURCE = r"(?:this|the|your|that) (?:blog|article|post|blog ?post|travel (?:blog|report)|web ?page|page|web ?site)s?"
_SMALL_TALK = {
    "greeting": (
        r"(?:hi+|hello+|hey+|hei|hallo|good (?:morning|afternoon|evening|day)|greetings|howdy)(?: (?:there|all|again))?"
    ),
    "thanks": (
        r"(?:ok(?:ay)?|great|perfect|cool|nice|lovely|super)?,? ?(?:many )?(?:thanks?|thank you|thx|ty|cheers|takk)"
        r"(?: you)?(?: (?:so much|very much|a lot|a bunch|for (?:your|the) help|for that|again))?"
        r"|(?:ok(?:ay)?|great|perfect|cool|got it|awesome|wonderful)"
    ),
    "pleasantry": (
        r"(?:very |really |so |super |most )*(?:helpful|useful|kind|nice|good|great|lovely|interesting)(?: of you)?"
        r"|(?:great|good|nice|perfect|awesome|excellent|well) (?:answer|job|work|one|stuff|bot|done|to know)"
        r"|i (?:really )?(?:love|like|hate) (?:you|this|it)"
        r"|(?:that|this|it|you)(?:'s| is| was| were| has been| have been)?(?: been)? (?:all|very |really |so |super "
        r"|most )*"
        r"(?:helpful|great|perfect|nice|useful|lovely|good|kind|wonderful|awesome|everything)|that is all"
        r"|(?:have|enjoy) (?:a|the|your) \w+(?: day)?"
        r"|how are you(?: doing)?(?: today)?|nice to meet you|please|no problem|never mind"
    ),
    "farewell": (
        r"(?:good ?bye|bye(?:[ -]bye)?|see you(?: (?:later|soon))?|so long|farewell|good night|cya)(?: (?:then|now))?"
    ),
    "about": (
        r"(?:(?:please )?tell me )?what (?:you can|can you) (?:do|help(?: me)?(?: with)?)|(?:who|what) (?:are|r) "
        r"(?:you|u)"
        r"|am i (?:talking|speaking|chatting|writing) (?:to|with) [\w ]+"
        r"|are you (?:an? )?(?:real|human|robot|bot|ai|person|machine|program|chatbot|chatgpt)"
        r"(?: (?:person|being|bot))?(?: or (?:an? )?\w+)?|(?:what|which) (?:can|do) you (?:do|know|answer)(?: for "
        r"me)?|how do you work"
        r"|(?:what|which)(?: things| questions)? can i ask(?: you)?|can you help(?: me)?|help(?: me)?"
        r"|where (?:do|does) (?:your|the) (?:answers?|information|data|knowledge) come from"
        r"|(?:what|which) (?:are|is) your sources?|how do you know(?: (?:that|this|all this))?|what(?:'s| is) your name"
        r"|who (?:made|built|created|wrote|programmed) you|what is this(?: (?:site|page|chat|bot|assistant))?|can i "
        r"trust you"
        r"|are (?:your|the|these) answers? (?:correct|reliable|true|made up)|do you (?:make (?:things|stuff|this) up"
        r"|speak \w+)"
    ),
    "sources": (
        rf"who (?:wrote|writes|has written|made|published|posted|runs|is behind|owns) {_SOURCE}"
        rf"|who(?:'s| is| are| was|s)? (?:(?:the|its|your) )?(?:author|writer|blogger)s?(?: (?:of|behind) {_SOURCE})?"
        rf"|(?:when|what year|in which year|in what year) (?:was|were|is|are) {_SOURCE} (?:written|published|posted"
        r"|from|(?:last )?updated)"
        rf"|(?:from when|since when) (?:is|are) {_SOURCE}|when (?:is|are) {_SOURCE} from"
        rf"|how (?:old|recent|new|current|up to date) (?:is|are|was) {_SOURCE}"
        rf"|is {_SOURCE} (?:still )?(?:up to date|up-to-date|current|recent|old|outdated|out of date)(?: today| now)?"
    ),
}
_TALK = {topic: re.compile(rf"(?:{pattern})", re.IGNORECASE) for topic, pattern in _SMALL_TALK.items()}
_INTERJECTION = re.compile(r"^(?:(?:oh|ok|okay|well|alright|right|so|and|great|now)\b\s*)+(?=\S)", re.IGNORECASE)
# Asked of the answer before, as whole questions; with no answer before, they ask about the assistant or nothing.
_THIS = r"(?:that|this|it|so|these|those)"
_LAST_ANSWER = {
    "author": (
        rf"who (?:says?|said|wrote|writes|claims|told you|thinks|reported|posted) {_THIS}|says who|who(?:'s| is| "
        rf"was) (?:that|this|it)(?: by)?"
        rf"|who(?:'s| is| was) (?:the |its |their )?(?:author|writer)(?: of {_THIS})?|whose (?:opinion|view|words?"
        rf"|quote)s? (?:is|are|was) {_THIS}"
        rf"|who (?:is|was) (?:saying|claiming) {_THIS}|according to whom?|is {_THIS} (?:from |by |the opinion of "
        rf")?an? (?:visitor|reader|local|tourist)"
    ),
    "place": (
        rf"where (?:does|did|do) (?:it|they|he|she|the \w+) (?:say|write|claim) {_THIS}|where (?:is|was) {_THIS} "
        rf"(?:written|said|stated|from)"
        rf"|where (?:did|do) you (?:get|find|read|see|have) {_THIS}(?: from)?|where does {_THIS}(?: information| "
        rf"info)? come from"
        rf"|(?:what|which)(?:'s| is| are| was)? (?:the |your |its )?sources?(?: (?:for|of) {_THIS})?|sources?|(?:do"
        rf"|can) you (?:have|give me|show me) (?:a |the |your )?(?:source|link|reference)"
        rf"|(?:can you )?show me where|(?:which|what) (?:page|article|comment|text|document|website)(?: (?:is|was"
        rf"|says) {_THIS})?(?: (?:from|in|on))?"
        rf"|how do you know(?: (?:that|this|it|all this))?|links?"
    ),
    "date": (
        rf"how (?:old|recent|new|fresh|current|up to date) (?:is|are|was) (?:{_THIS}|(?:that|this|the|your) "
        rf"(?:information|info|article|comment|text|data|answer|source|post|quote|review))"
        rf"|(?:when|what year|in which year|in what year) (?:was|were|did) {_THIS}(?: (?:article|comment|text"
        rf"|information|post|review))? (?:written|published|posted|said|from|last updated|updated)"
        rf"|when (?:is|was) {_THIS} from|from when is {_THIS}|when did (?:they|he|she|the author) (?:write|say"
        rf"|publish|post) {_THIS}"
        rf"|is (?:{_THIS}|(?:that|this|the) (?:information|info|article)) (?:still )?(?:up to date|up-to-date"
        rf"|current|recent|outdated|out of date|old|valid|true|correct|accurate)(?: today| now| anymore)?"
    ),
}
_OF_LAST_ANSWER = {asked: re.compile(rf"(?:{pattern})", re.IGNORECASE) for asked, pattern in _LAST_ANSWER.items()}
_OPENING = re.compile(
    rf"^(?:(?:{_SMALL_TALK['greeting']}|{_SMALL_TALK['thanks']})\s*(?:[,.!…:)-]+\s*|\s(?=(?:and|but|so|what|how"
    rf"|where|when|is|are|can|do)\b)))+(?=\w)",
    re.IGNORECASE,
)


def small_talk(text: str) -> str | None:
    """Which small talk a text is, as a whole; a question behind a greeting is none.

    >>> small_talk("Thank you so much, that was helpful!")
    'thanks'
    """
    plain = re.sub(r"[:;=]-?[)(DP]", " ", text.replace("’", "'"))
    parts = [" ".join(re.sub(r"[^\w\s'-]", " ", part).split()) for part in re.split(r"[,.!?;\n]+", plain)]
    topics = [_topic(part) for part in parts if part]
    return next((topic for topic in topics if topic != "pleasantry"), topics[0]) if topics and all(topics) else None


def _topic(part: str) -> str | None:
    bare = _INTERJECTION.sub("", part)
    return next((topic for topic, pattern in _TALK.items() if pattern.fullmatch(part) or pattern.fullmatch(bare)), None)


def without_opening(text: str) -> str:
    """A question without the greeting or the thanks before it.

    >>> without_opening("Thanks! and how do I get there?")
    'and how do I get there?'
    """
    return _OPENING.sub("", text.strip()) or text.strip()


def asked_of_last_answer(text: str) -> str | None:
    """What is asked of the answer before: its "author", its "place" in the source or its "date"; else None.

    >>> asked_of_last_answer("so who says that?")
    'author'
    """
    plain = " ".join(re.sub(r"[^\w\s'-]", " ", text.replace("’", "'")).split())
    bare = _INTERJECTION.sub("", re.sub(r"^(?:but|really)\s+", "", plain, flags=re.IGNORECASE))
    return next((asked for asked, pattern in _OF_LAST_ANSWER.items() if pattern.fullmatch(bare)), None)
