"""Every door to the assistant: command line and web page."""
