"""The assistant's own words: what it says around the quotes, never about the destination itself."""

from collections.abc import Sequence

from roros_assistant.types import Citation, Corpus, Destination, Kind, Status

NOT_UNDERSTOOD = {
    "en": "I can read questions in English only. Please ask in English.",
    "no": "Jeg forstår foreløpig bare spørsmål på engelsk. Still gjerne spørsmålet på engelsk.",
    "nn": "Eg forstår førebels berre spørsmål på engelsk. Still gjerne spørsmålet på engelsk.",
    "sv": "Jag förstår än så länge bara frågor på engelska. Ställ gärna frågan på engelska.",
    "da": "Jeg forstår indtil videre kun spørgsmål på engelsk. Stil gerne spørgsmålet på engelsk.",
    "de": "Ich verstehe bisher nur Fragen auf Englisch. Bitte stellen Sie die Frage auf Englisch.",
    "nl": "Ik begrijp voorlopig alleen vragen in het Engels. Stel de vraag alstublieft in het Engels.",
    "fr": "Je ne comprends pour l’instant que les questions en anglais. Posez la question en anglais, s’il vous plaît.",
    "es": "Por ahora solo entiendo preguntas en inglés. Por favor, haga la pregunta en inglés.",
    "it": "Per ora capisco solo domande in inglese. Per favore, faccia la domanda in inglese.",
    "pt": "Por enquanto só entendo perguntas em inglês. Por favor, faça a pergunta em inglês.",
    "pl": "Na razie rozumiem tylko pytania po angielsku. Proszę zadać pytanie po angielsku.",
    "fi": "Ymmärrän toistaiseksi vain englanninkielisiä kysymyksiä. Esitä kysymys englanniksi.",
    "cs": "Zatím rozumím jen otázkám v angličtině. Položte prosím otázku anglicky.",
    "tr": "Şimdilik yalnızca İngilizce soruları anlıyorum. Lütfen sorunuzu İngilizce sorun.",
    "ru": "Пока я понимаю вопросы только на английском. Пожалуйста, задайте вопрос по-английски.",
    "uk": "Поки що я розумію запитання лише англійською. Будь ласка, запитайте англійською.",
    "el": "Προς το παρόν καταλαβαίνω μόνο ερωτήσεις στα αγγλικά. Παρακαλώ ρωτήστε στα αγγλικά.",
    "ja": "今のところ英語の質問だけを理解できます。英語でご質問ください。",
    "zh": "我目前只能理解英文问题。请用英文提问。",
    "ko": "지금은 영어 질문만 이해할 수 있습니다. 영어로 질문해 주세요.",
    "ar": "أفهم حاليًا الأسئلة بالإنجليزية فقط. يُرجى طرح السؤال بالإنجليزية.",
    "he": "כרגע אני מבין שאלות באנגלית בלבד. אנא שאלו באנגלית.",
}

_COMES_NEAR = "The sources come near this, but may not answer it."
_FEW = 4  # texts that can be told one by one

# Around quotes for a question in another language, put into English by a chat model: that they are the sources' own
# words, and that the sources say nothing.
FRAMED = {
    "no": ("Kildene er på engelsk; her er deres egne ord.", "Kildene sier ikke noe om det."),
    "nn": ("Kjeldene er på engelsk; her er deira eigne ord.", "Kjeldene seier ikkje noko om det."),
    "sv": ("Källorna är på engelska; här är deras egna ord.", "Källorna säger inget om det."),
    "da": ("Kilderne er på engelsk; her er deres egne ord.", "Kilderne siger ikke noget om det."),
    "de": ("Die Quellen sind auf Englisch; hier sind ihre eigenen Worte.", "Die Quellen sagen dazu nichts."),
    "nl": ("De bronnen zijn in het Engels; dit zijn hun eigen woorden.", "De bronnen zeggen daar niets over."),
    "fr": ("Les sources sont en anglais ; voici leurs propres mots.", "Les sources n’en disent rien."),
    "es": ("Las fuentes están en inglés; estas son sus propias palabras.", "Las fuentes no dicen nada al respecto."),
    "it": ("Le fonti sono in inglese; ecco le loro parole.", "Le fonti non ne dicono nulla."),
    "pt": ("As fontes estão em inglês; estas são as suas próprias palavras.", "As fontes nada dizem sobre isso."),
    "pl": ("Źródła są po angielsku; oto ich własne słowa.", "Źródła nic o tym nie mówią."),
    "fi": ("Lähteet ovat englanniksi; tässä niiden omat sanat.", "Lähteet eivät kerro siitä mitään."),
    "cs": ("Zdroje jsou v angličtině; zde jsou jejich vlastní slova.", "Zdroje o tom nic neříkají."),
    "tr": ("Kaynaklar İngilizce; işte kendi sözleri.", "Kaynaklar bu konuda bir şey söylemiyor."),
    "ru": ("Источники на английском; вот их собственные слова.", "Источники об этом ничего не говорят."),
    "uk": ("Джерела англійською; ось їхні власні слова.", "Джерела про це нічого не кажуть."),
    "el": ("Οι πηγές είναι στα αγγλικά· αυτά είναι τα δικά τους λόγια.", "Οι πηγές δεν λένε τίποτα γι’ αυτό."),
    "ja": ("情報源は英語です。原文のまま引用します。", "情報源にはそのことについて書かれていません。"),
    "zh": ("资料是英文的，以下是原文。", "资料中没有提到这一点。"),
    "ko": ("출처는 영어로 되어 있으며, 다음은 원문 그대로입니다.", "출처에는 이에 대한 내용이 없습니다."),
    "ar": ("المصادر بالإنجليزية، وهذه كلماتها كما هي.", "لا تذكر المصادر شيئًا عن ذلك."),
    "he": ("המקורות באנגלית; אלה מילותיהם שלהם.", "המקורות אינם אומרים דבר על כך."),
}


def framed(language: str, status: Status) -> str:
    """What stands around quotes for a question in one of the languages above."""
    said, silent = FRAMED[language]
    return silent if status is Status.NOT_IN_SOURCES else said


def not_understood(language: str) -> tuple[str, str]:
    """The notice for a question in ``language``, and the language it is in: English where we have no words."""
    return (NOT_UNDERSTOOD[language], language) if language in NOT_UNDERSTOOD else (NOT_UNDERSTOOD["en"], "en")


def talk(topic: str, corpus: Corpus, writer: str | None) -> str:
    """A reply to what is said to the assistant, as talk.py has it; ``writer`` is its chat model."""
    name = corpus.destination.name or "this destination"
    how = (
        f"A chat model ({writer}) writes from them, and each sentence is checked against its source before it is shown."
        if writer
        else "I write nothing of my own."
    )
    return {
        "greeting": f"Hello! Ask me about {name}: I answer with the sources’ own words.",
        "thanks": "You are welcome. Ask on whenever you like.",
        "pleasantry": f"Glad to be here. Ask me about {name}.",
        "farewell": "Goodbye, and have a good trip!",
        "complaint": " ".join(
            [
                f"I am sorry. I know only what {_sources(corpus)} say, and may have missed your meaning: asking in "
                "other words may help.",
                *_turn_to(corpus.destination),
            ]
        ),
        "about": (
            f"I am a program that answers questions about {name} with quotes from {_sources(corpus)}, word for word, "
            f"each with its place. {how} Where the sources do not say, I tell you so."
        ),
        "sources": _written_by_whom(corpus),
        "nothing quoted": "My last answer quoted nothing, so there is no source to tell of.",
    }[topic]


def notice(
    status: Status, destination: Destination, *, lacks: str | None, unheard: bool, unknown: Sequence[str]
) -> str:
    """What stands above an answer that lacks what was asked; nothing above a whole one.

    Args:
        status: what became of the question.
        destination: where a traveller turns.
        lacks: the kind of thing that was asked for and is not there.
        unheard: whether readers were asked for, and none speaks.
        unknown: names that no source mentions.
    """
    if status is Status.PARTIAL and unheard:
        return "No reader speaks to this."
    if status is Status.PARTIAL:
        said = f"The sources speak of this, but do not give {lacks}." if lacks else _COMES_NEAR
        return " ".join([said, *_turn_to(destination)])
    if status is Status.NOT_IN_SOURCES:
        said = f"The sources do not mention {' or '.join(unknown)}." if unknown else "The sources do not say."
        return " ".join([said, *_turn_to(destination)])
    return ""


def written_by(writer: str, left_out: int) -> str:
    """Who wrote an answer, and what became of what its sources do not carry.

    >>> written_by("ollama:qwen3:4b", 1)
    'Written by qwen3:4b, each sentence checked against its source. One sentence was left out.'
    """
    said = f"Written by {writer.partition(':')[2]}, each sentence checked against its source."
    gone = "One sentence was" if left_out == 1 else f"{left_out} sentences were"
    return f"{said} {gone} left out." if left_out else said


def of_source(what: str, cited: Citation) -> str:
    """Who says the last answer, where it stands or of when it is."""
    if what == "author":
        return f"That is said by {cited.author or 'a writer who gives no name'}, in “{cited.title}”."
    if what == "date":
        known = ", ".join(part for part in (cited.published, cited.as_of) if part)
        return f"The source says of its time: {known}." if known else "The source does not tell its date."
    return f"That stands in “{cited.title}”; open the number behind the quote to see it in its place."


def _written_by_whom(corpus: Corpus) -> str:
    """Who wrote the texts and of when they are; of many, where that is to be seen."""
    texts = [document for document in corpus.documents if document.kind is not Kind.COMMENT]
    if not 0 < len(texts) <= _FEW:
        return f"I answer from {_sources(corpus)}; who wrote a text, and when, stands under each quote of it."
    parts = []
    for one in texts:
        times = ", ".join(part for part in (one.published, one.as_of) if part)
        told = f"“{one.title}” is by {one.author or 'a writer who gives no name'}"
        parts.append(f"{told} ({times})." if times else f"{told} and tells no date.")
    return " ".join(parts)


def _turn_to(destination: Destination) -> list[str]:
    places = [place for place in (destination.contact, destination.official_site) if place]
    return [f"Try {' or '.join(places)}."] if places else []


def _sources(corpus: Corpus) -> str:
    """How many texts of each kind, as a person would count them.

    >>> from roros_assistant.types import Document
    >>> _sources(Corpus(Destination(), (Document("a", Kind.ARTICLE, "A", "x"), Document("b", Kind.COMMENT, "A", "y"))))
    '1 article and 1 reader’s comment'
    """
    forms = {
        Kind.ARTICLE: ("article", "articles"),
        Kind.COMMENT: ("reader’s comment", "readers’ comments"),
        Kind.OFFICIAL: ("official page", "official pages"),
    }
    counts = [(sum(document.kind is kind for document in corpus.documents), forms[kind]) for kind in forms]
    parts = [f"{count} {names[0] if count == 1 else names[1]}" for count, names in counts if count]
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
