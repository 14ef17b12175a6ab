"""Logs without patient data."""

import json
import logging
import traceback
from types import TracebackType

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


SAID_BY_REQUESTS = ("route", "method", "status", "ms", "user")


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


class JsonFormatter(PlainFormatter):
    """The same as one JSON object a line, for a log collector."""

    def format(self, record: logging.LogRecord) -> str:
        said: dict[str, object] = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        for name in SAID_BY_REQUESTS:
            if name in record.__dict__:
                said[name] = record.__dict__[name]
        if record.exc_info:
            said["exception"] = self.formatException(record.exc_info)
        return json.dumps(said, ensure_ascii=False)
