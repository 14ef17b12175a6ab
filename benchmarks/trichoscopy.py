"""Time of a whole trichoscopy measurement against scikit-image's sato and frangi filter alone.

Rendered clipped fields at 5 µm a pixel, 80 and 250 hairs/cm², one thread and two. Prints
milliseconds a megapixel (best of three), the ratios within this run, and the peak of memory.

    PYTHONPATH=src python benchmarks/trichoscopy.py
"""

import resource
import time
from collections.abc import Callable

import cv2
import numpy as np
from skimage.filters import frangi, sato

from openmeso.science.kernels.segment import straight_edges
from openmeso.science.trichoscopy.absorption import absorb, hue, linear_light
from openmeso.science.trichoscopy.measure import WORK_UM, measure_field
from openmeso.science.trichoscopy.render import render_field
from openmeso.science.trichoscopy.render_setting import RenderSetting
from openmeso.science.trichoscopy.trace import EDGE, EDGE_PX, trace
from openmeso.terms.trichoscopy import MeasureSetting, Scale

UM = 5.0
RUNS = 3
SIGMAS = (2, 4, 7)


def best(work: Callable[[], object]) -> float:
    """Shortest of a few runs [ms]."""
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return 1000 * min(times)


def show(name: str, ms: float, megapixels: float) -> float:
    print(f"  {name:32s} {ms / megapixels:8.1f} ms/MP")
    return ms


def main() -> None:
    scale, setting = Scale(UM), MeasureSetting()
    for density in (80.0, 250.0):
        wanted = RenderSetting(um_per_px=UM, density_cm2=density)
        image = render_field(wanted, np.random.default_rng(1)).image
        megapixels = image.shape[0] * image.shape[1] / 1e6
        measure_field(image, scale, setting)  # compiles, or reads the cache
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{density:g} hairs/cm², {megapixels:.2f} MP; peak memory so far {peak:.0f} MB")
        grey = image.mean(axis=2) / 255
        peers = {
            "sato": show(
                "skimage sato, 3 sigmas", best(lambda g=grey: sato(g, SIGMAS)), megapixels
            ),
            "frangi": show(
                "skimage frangi, 3 sigmas", best(lambda g=grey: frangi(g, SIGMAS)), megapixels
            ),
        }
        for threads in (1, 2):
            cv2.setNumThreads(threads)
            seen = absorb(linear_light(image), UM, WORK_UM, False)
            colour = hue(image, seen.a.shape)
            print(f"  {threads} thread{'s' * (threads > 1)}")
            show(
                "  absorption",
                best(lambda i=image: absorb(linear_light(i), UM, WORK_UM, False)),
                megapixels,
            )
            show("  edges", best(lambda s=seen: straight_edges(s.a, EDGE, EDGE_PX)), megapixels)
            show(
                "  edges, following, choice",
                best(lambda s=seen, c=colour: trace(s.a, c, s.um_per_px)),
                megapixels,
            )
            whole = show(
                "  whole measurement",
                best(lambda i=image: measure_field(i, scale, setting)),
                megapixels,
            )
            for name, ms in peers.items():
                print(f"    {ms / whole:.1f} times faster than {name} alone")


if __name__ == "__main__":
    main()
