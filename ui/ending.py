"""The way out while threads are still at work."""

import logging
import os
import sys
from typing import NoReturn


def leave(code: int) -> NoReturn:
    """End the process now.

    Python waits for some threads, seconds if they load a model, and stops the others wherever they are, which in the
    middle of a model's native code aborts the process.
    """
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(code)
