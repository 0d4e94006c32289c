"""claim + references -> supported or not, and why: quotes character by character, other sentences by what they say."""

from roros_assistant.verify.checker import Checker, Verdict
from roros_assistant.verify.quotes import is_verbatim
from roros_assistant.verify.voice import reference_text
from roros_assistant.verify.weights import SHOWN_FROM

__all__ = ["SHOWN_FROM", "Checker", "Verdict", "is_verbatim", "reference_text"]
