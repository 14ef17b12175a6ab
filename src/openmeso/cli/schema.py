"""`openmeso schema`: the JSON Schema of a plan request."""

import argparse
import json

from openmeso.gateways.plan_json import request_schema


def run(_: argparse.Namespace) -> int:
    """Print the schema."""
    print(json.dumps(request_schema(), ensure_ascii=False, indent=2))
    return 0
