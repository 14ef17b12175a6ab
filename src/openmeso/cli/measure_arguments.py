"""Arguments of `openmeso measure`."""

import argparse
from pathlib import Path


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The command, beside the others."""
    made = commands.add_parser(
        "measure",
        help="trace, count and measure the hairs of trichoscopy pictures",
        description="Judge trichoscopy pictures, trace every hair and print the numbers of the "
        "field with their 90 % intervals. Folders are searched for pictures, every core is used, "
        "and a bad file does not stop the others. No database is needed.",
        epilog="Exit codes: 0 every picture is measured; 1 one was refused for its quality or "
        "could not be read, which is said on standard error; 2 the command is refused.",
    )
    made.set_defaults(module="measure")
    made.add_argument(
        "images", metavar="IMAGE", nargs="+", type=Path, help="pictures, or folders of pictures"
    )
    made.add_argument(
        "--scale",
        metavar="MM_PER_PX",
        type=float,
        help="millimetres a pixel; without a scale there are counts and ratios only",
    )
    made.add_argument(
        "--scale-error",
        metavar="PERCENT",
        type=float,
        default=2.0,
        help="standard deviation of the scale (default: %(default)s)",
    )
    made.add_argument(
        "--device",
        metavar="NAME",
        default="",
        help="device profile that gives the scale (video_70x_1280 …); beside --scale a name",
    )
    made.add_argument("--hair", choices=("clipped", "unclipped"), default="clipped")
    made.add_argument("--light-hair", action="store_true", help="fair or grey hair on darker skin")
    form = made.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print everything as JSON")
    form.add_argument("--csv", action="store_true", help="print a line a hair")
    made.add_argument(
        "--overlay", metavar="DIR", type=Path, help="write each picture with its hairs as PNG"
    )
    made.add_argument("--workers", type=int, help="processes (default: every core)")
