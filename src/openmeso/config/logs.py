"""Logs without patient data."""

import logging
import traceback
from types import TracebackType

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class PlainFormatter(logging.Formatter):
    """Says where an exception arose, not what it said: database messages quote the row."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def formatException(self, ei: ExcInfo) -> str:
        frames = traceback.extract_tb(ei[2])
        where = [
            f'  File "{frame.filename}", line {frame.lineno}, in {frame.name}' for frame in frames
        ]
        kind = ei[0].__name__ if ei[0] else "unknown"
        return "\n".join([*where, f"{kind} (message withheld: it may quote a patient's data)"])
