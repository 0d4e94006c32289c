"""history + question -> what is asked, standing alone: its language, whether it is small talk, what it refers to."""

from roros_assistant.dialogue.language import prepare
from roros_assistant.dialogue.understand import Models, Understood, understand

__all__ = ["Models", "Understood", "prepare", "understand"]
