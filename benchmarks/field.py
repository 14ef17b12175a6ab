"""The 36-bolus reference problem: our closed form against py-pde and FiPy, in the same run.

Six by six Gaussian boluses in a closed box of 60 x 60 x 5 mm, D = 0.36 mm²/h, k = 0.1/h, fields
of total concentration after 1, 6 and 24 h on cells of 0.5 mm. Prints each solver's time over ours
and its relative L2 error against the exact cell averages. Ours is judged against an independent
cosine-transform solution of the same box. Peers that are not installed are left out, by name.

    pip install py-pde fipy        # the peers, in an environment of their own
    PYTHONPATH=src python benchmarks/field.py [cell size in mm]
"""

import sys
import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.fft import dctn, idctn
from scipy.special import erf

Floats = NDArray[np.float64]

SIZE_MM = (60.0, 60.0, 5.0)
D, K = 0.36, 0.1
HOURS = (1.0, 6.0, 24.0)
SIGMA_MM = 1.0
CENTRES = np.arange(5.0, 60.0, 10.0)
DEPTH_MM = 2.0
FAR_SIGMAS = 9.0  # an image farther off than this adds less than a part in 10^17
stepping: dict[str, float] = {}  # seconds in the time loop alone, where a peer tells
AIM_PDE, AIM_FIPY = 300.0, 10_000.0


def edges(length: float, h: float) -> Floats:
    return np.linspace(0.0, length, round(length / h) + 1)


def averages(centres: Floats, length: float, h: float, t: float) -> Floats:
    """Cell averages along one axis of unit Gaussians between closed walls, by images."""
    spread = np.sqrt(2.0 * (SIGMA_MM**2 + 2.0 * D * t))
    images = int(np.ceil(FAR_SIGMAS * spread / (2.0 * length)))
    shifts = 2.0 * length * np.arange(-images, images + 1)
    every = np.concatenate([centres[:, None] + shifts, -centres[:, None] + shifts]).ravel()
    at = edges(length, h)
    return np.diff(0.5 * erf((at[:, None] - every) / spread).sum(axis=1)) / h


def ours(h: float) -> list[Floats]:
    """Three fields: boluses on a grid are a product of three one-dimensional sums."""
    fields = []
    for t in HOURS:
        x = averages(CENTRES, SIZE_MM[0], h, t)
        z = averages(np.array([DEPTH_MM]), SIZE_MM[2], h, t)
        # depth goes first in memory: long rows multiply several times faster than rows of ten
        across = (np.exp(-K * t) * x)[:, None] * x
        fields.append(np.multiply.outer(z, across).transpose(1, 2, 0))
    return fields


def start(h: float) -> Floats:
    x = averages(CENTRES, SIZE_MM[0], h, 0.0)
    return x[:, None, None] * x[None, :, None] * averages(np.array([DEPTH_MM]), SIZE_MM[2], h, 0.0)


def by_cosines(h: float) -> list[Floats]:
    """Exact in time from cells four times finer, averaged back: an independent answer."""
    fine = h / 4
    modes = dctn(start(fine), type=2, norm="ortho")
    square = np.zeros(modes.shape)
    for axis, (length, n) in enumerate(zip(SIZE_MM, modes.shape, strict=True)):
        wave = (np.pi * np.arange(n) / length).reshape([-1 if a == axis else 1 for a in range(3)])
        square = square + wave**2
    fields = []
    for t in HOURS:
        whole = idctn(modes * np.exp(-(D * square + K) * t), type=2, norm="ortho")
        n = [size // 4 for size in whole.shape]
        fields.append(whole.reshape(n[0], 4, n[1], 4, n[2], 4).mean(axis=(1, 3, 5)))
    return fields


def by_pde(h: float) -> list[Floats]:
    import pde

    shape = [round(length / h) for length in SIZE_MM]
    grid = pde.CartesianGrid([(0.0, length) for length in SIZE_MM], shape, periodic=False)
    state = pde.ScalarField(grid, start(h))
    equation = pde.PDE({"c": f"{D} * laplace(c) - {K} * c"}, bc={"derivative": 0.0})
    store = pde.MemoryStorage()
    trackers = [store.tracker(pde.FixedInterrupts(HOURS))]
    # just stable, and the hours looked at are whole steps
    step = 0.1 * (h / 0.5) ** 2
    equation.solve(state, t_range=HOURS[-1], dt=step, solver="euler", tracker=trackers)
    stepping["py-pde"] = equation.diagnostics["controller"]["profiler"]["solver"]
    return [np.asarray(store[i].data) for i in range(len(HOURS))]


def by_fipy(h: float) -> list[Floats]:
    import fipy

    nx, ny, nz = (round(length / h) for length in SIZE_MM)
    mesh = fipy.Grid3D(dx=h, dy=h, dz=h, nx=nx, ny=ny, nz=nz)
    # FiPy runs x fastest
    c = fipy.CellVariable(mesh=mesh, value=start(h).transpose(2, 1, 0).ravel())
    equation = fipy.TransientTerm() == fipy.DiffusionTerm(coeff=D) - fipy.ImplicitSourceTerm(K)
    solver = fipy.LinearPCGSolver(tolerance=1e-8, iterations=1000, precon=None)
    fields, step = [], 0.25
    for i in range(1, round(HOURS[-1] / step) + 1):
        equation.solve(var=c, dt=step, solver=solver)
        if any(abs(i * step - t) < 1e-9 for t in HOURS):
            fields.append(np.array(c.value).reshape(nz, ny, nx).transpose(2, 1, 0))
    return fields


def errors(found: list[Floats], exact: list[Floats]) -> str:
    return " ".join(
        f"{100 * np.linalg.norm(a - b) / np.linalg.norm(b):9.2e} %"
        for a, b in zip(found, exact, strict=True)
    )


def timed(work: Callable[[float], list[Floats]], h: float) -> tuple[float, list[Floats]]:
    begin = time.perf_counter()
    found = work(h)
    return time.perf_counter() - begin, found


def main() -> int:
    h = float(sys.argv[1]) if len(sys.argv) > 1 else 0.5
    timed(ours, h)
    own_s, exact = min((timed(ours, h) for _ in range(20)), key=lambda pair: pair[0])
    print(f"cells of {h} mm; relative L2 error after 1, 6 and 24 h")
    print(f"closed form    {1e3 * own_s:8.1f} ms  x 1        {errors(exact, by_cosines(h))}")
    passed = True
    peers = (("py-pde", "pde", by_pde, AIM_PDE), ("FiPy", "fipy", by_fipy, AIM_FIPY))
    for name, module, work, aim in peers:
        try:
            __import__(module)
        except ImportError:
            print(f"{name:14} not installed: left out")
            continue
        cold_s, found = timed(work, h)
        warm_s = stepping.get(name, cold_s)  # without compiling, to the peer's favour
        ratio = warm_s / own_s
        passed &= ratio >= aim
        print(
            f"{name:14} {1e3 * warm_s:8.0f} ms  x {ratio:<8.0f} {errors(found, exact)}"
            f"  (with compiling x {cold_s / own_s:.0f}; aim x {aim:.0f})"
        )
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
