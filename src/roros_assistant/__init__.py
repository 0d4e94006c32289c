"""Answers travellers' questions from a small known corpus, every sentence a verbatim quote with its place."""
