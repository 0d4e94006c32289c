"""The default destination's sources, as data: Røros."""
