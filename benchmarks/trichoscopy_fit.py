"""Fit the network that judges whether a traced path is a hair.

    PYTHONPATH=src python benchmarks/trichoscopy_fit.py FOLDER OUT.json [--rendered 60] [--workers 2]

FOLDER is that of benchmarks/trichoscopy_real.py; its even subjects are read. OUT.json, for the
software, is fitted on all of them, OUT.dev.json and OUT.test.json on one half alone: give these to
benchmarks/trichoscopy_real.py to measure on the half that they have not seen. To the pictures come
rendered fields on seeds of their own. Each picture is masked and traced as it is measured, and twice
more with the first impression of each proposal shaken, so that other paths are taken. A path that
the rule of matching pairs with a true hair is a hair; one that touches the border or is masked, and
lies on no true hair, tells nothing, but for rendered fields, whose truth is whole. Nothing of a
picture is written but the weights. What the network of each half says of the paths of the other is
printed.
"""

import argparse
import hashlib
import json
from dataclasses import dataclass
from multiprocessing import Pool
from pathlib import Path

import cv2
import numpy as np
from trichoscopy_real import BORDER_PX, UM, WIDTH_UM, annotated, hidden, is_dev, subject

from openmeso.science.trichoscopy import trace
from openmeso.science.trichoscopy.absorption import absorb, hue, linear_light
from openmeso.science.trichoscopy.judge import Network
from openmeso.science.trichoscopy.likelihood import sigmoid
from openmeso.science.trichoscopy.measure import WORK_UM
from openmeso.science.trichoscopy.painting import painted_over
from openmeso.science.trichoscopy.path_look import Surroundings
from openmeso.science.trichoscopy.quality import judge_quality
from openmeso.science.trichoscopy.render import render_field
from openmeso.science.trichoscopy.render_setting import HairColour, RenderSetting, SkinType
from openmeso.science.trichoscopy.scoring import LEAST_SHARE, cover_shares, match_lines
from openmeso.terms.trichoscopy import Scale

SHAKEN, SHAKE = 2, 0.7  # how often, and by how much of the logarithm of the odds
THIN = ("undersize", "abnormal")
THIN_WEIGHT, RENDERED_WEIGHT = 2.0, 0.6
NODES, EPOCHS, BATCH, RATE = 32, 10, 256, 3e-3
SEEDS = 4  # networks averaged
DROPPED, JITTER, DECAY = 0.2, 0.1, 1e-3
FIRST_SEED = 7002


@dataclass(frozen=True, slots=True)
class Example:
    """One way of tracing one picture: features, surroundings, and which paths are hairs."""

    name: str
    real: bool
    features: np.ndarray
    around: Surroundings
    before: np.ndarray
    hair: np.ndarray
    weight: np.ndarray


def examples(name, image, um, truth, kinds=(), unseen=()):
    """``truth`` are (line, width in micrometres); ``kinds`` of an annotated picture's hairs.

    ``unseen`` are the numbers of true hairs that nobody can see: what is traced there is none.
    """
    mask = judge_quality(image, Scale(um)).mask
    if kinds:
        kept = [i for i, (line, _) in enumerate(truth) if not hidden(line, mask)]
        truth, kinds = [truth[i] for i in kept], [kinds[i] for i in kept]
    picture = painted_over(image, mask) if mask.any() else image
    seen = absorb(linear_light(picture), um, WORK_UM, light_hair=False)
    proposed = trace.propose(seen.a, seen.um_per_px)
    if proposed is None:
        return []
    colour = hue(image, seen.a.shape)
    shaker = np.random.default_rng(int(hashlib.sha256(name.encode()).hexdigest()[:8], 16))
    found = []
    for turn in range(1 + (SHAKEN if kinds else 0)):
        likely = proposed.likely
        odds = np.log(likely / (1 - likely + 1e-9))
        weights = likely if not turn else sigmoid(odds + shaker.normal(0, SHAKE, len(likely)))
        taken = trace.take(proposed, weights)
        if not len(taken.paths.spans):
            continue
        features, around = trace.describe(proposed, taken, colour)
        lines = [
            (taken.paths.points[low:high, :2].astype(float) + 0.5) / seen.ratio - 0.5
            for low, high in taken.paths.spans
        ]
        hair, weight = _told(lines, truth, um, mask, kinds, unseen)
        found.append(Example(name, bool(kinds), features, around, taken.paths.likely, hair, weight))
    return found


def _told(lines, truth, um, mask, kinds, unseen):
    """Which lines are hairs, and how much each tells."""
    hair, weight = np.zeros(len(lines)), np.ones(len(lines))
    size = mask.shape[::-1]
    far = np.array(size) - BORDER_PX
    for j, line in enumerate(lines):
        inside = line.min() >= BORDER_PX and bool(np.all(line.max(0) <= far))
        weight[j] = (inside or not kinds) and not hidden(line, mask)
    true, wide = [line for line, _ in truth], [width_um for _, width_um in truth]
    if truth and lines:  # a second trace of a true hair is none, wherever it ends
        weight[cover_shares(true, wide, lines, um, size).max(0) >= LEAST_SHARE] = 1.0
    for i, j in match_lines(true, wide, lines, um, size):
        hair[j] = i not in unseen
        weight[j] = THIN_WEIGHT if kinds and kinds[i] in THIN else 1.0
    return hair, weight


def from_picture(path: Path):
    image = cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB)
    told = annotated(path.parents[1] / "Annotations" / f"{path.stem}.xml")
    truth = [(line, WIDTH_UM.get(kind, 80.0)) for kind, line in told]
    return examples(path.stem, image, UM, truth, [kind for kind, _ in told])


def rendered(seed: int):
    """A field of clipped hair as in a good picture, 50 to 300 hairs a cm²."""
    draw = np.random.default_rng(seed)
    um = float(draw.uniform(4, 7))
    colours = (HairColour.BLACK, HairColour.BLACK, HairColour.BROWN)
    setting = RenderSetting(
        width_px=int(7600 / um), height_px=int(5600 / um), um_per_px=um,
        density_cm2=float((50, 100, 120, 150, 200, 300)[seed % 6]),
        vellus_share=float(draw.choice([0.1, 0.15, 0.3])), terminal_um=float(draw.uniform(58, 85)),
        hair=colours[int(draw.integers(3))], skin=list(SkinType)[int(draw.integers(6))],
        blur_um=float(draw.uniform(5, 10)), specular=float(draw.uniform(0, 0.8)),
        glare=float(draw.uniform(0, 0.3)), noise=float(draw.uniform(0.005, 0.02)),
        curl=float(draw.choice([0, 0, 0.1])), jpeg_quality=int(draw.integers(85, 96)),
    )  # fmt: skip
    return render_field(setting, np.random.default_rng(seed + 10**6))


def from_rendered(seed: int):
    field = rendered(seed)
    height, width = (side * 4 // 5 for side in field.image.shape[:2])
    image = np.ascontiguousarray(field.image[:height, :width])
    seen = [hair for hair in field.hairs if hair.own_px > 0]
    truth = [(hair.path_px, hair.mean_diameter_um) for hair in seen]
    unseen = {i for i, hair in enumerate(seen) if not hair.visible}
    return examples(f"rendered {seed}", image, field.um_per_px, truth, unseen=unseen)


def half(one: Example) -> str:
    """The half of the subjects that a picture belongs to; rendered fields belong to both."""
    return ("test", "dev")[is_dev(Path(one.name))] if one.real else ""


def fit(known: list[Example], features: list[np.ndarray]) -> Network:
    """Networks of one layer of nodes, averaged: Adam on the weighed cross entropy."""
    rows = np.vstack(features)
    mean, sd = rows.mean(0), rows.std(0) + 1e-6
    rows = np.clip((rows - mean) / sd, -4, 4)
    hair = np.concatenate([one.hair for one in known])
    shares = {
        real: sum(len(one.hair) for one in known if one.real == real) for real in (True, False)
    }
    weight = np.concatenate(
        [one.weight * (1 if one.real else RENDERED_WEIGHT) / shares[one.real] for one in known]
    )
    weight /= weight.mean()
    nets = [_descended(rows, hair, weight, seed) for seed in range(SEEDS)]
    inner, bias, outer, offset = zip(*nets, strict=True)
    return Network(
        mean, sd, np.hstack(inner), np.hstack(bias), np.hstack(outer) / SEEDS,
        float(np.mean(offset)),
    )  # fmt: skip


def _descended(rows, hair, weight, seed):
    draw = np.random.default_rng(seed)
    width = rows.shape[1]
    values = [
        draw.uniform(-1, 1, (width, NODES)) / np.sqrt(width), np.zeros(NODES),
        draw.uniform(-1, 1, NODES) / np.sqrt(NODES), np.zeros(1),
    ]  # fmt: skip
    first, second = [np.zeros_like(v) for v in values], [np.zeros_like(v) for v in values]
    steps = EPOCHS * (len(rows) // BATCH)
    step = 0
    for _ in range(EPOCHS):
        order = draw.permutation(len(rows))
        for low in range(0, len(rows) - BATCH + 1, BATCH):
            batch = order[low : low + BATCH]
            slopes = _slopes(rows[batch], hair[batch], weight[batch], values, draw)
            step += 1
            warm = min(step / (0.3 * steps), 1.0)
            rate = RATE * warm * 0.5 * (1 + np.cos(np.pi * max(step / steps - 0.3, 0) / 0.7))
            for k, slope in enumerate(slopes):
                first[k] = 0.9 * first[k] + 0.1 * slope
                second[k] = 0.999 * second[k] + 0.001 * slope**2
                move = first[k] / (1 - 0.9**step)
                move = move / (np.sqrt(second[k] / (1 - 0.999**step)) + 1e-8)
                values[k] = values[k] * (1 - rate * DECAY) - rate * move
    return values


def _slopes(rows, hair, weight, values, draw):
    inner, bias, outer, offset = values
    keep = 1 - DROPPED
    rows = rows + draw.normal(0, JITTER, rows.shape)
    rows = rows * (draw.random(rows.shape) < keep) / keep
    nodes = np.maximum(rows @ inner + bias, 0)
    mask = (draw.random(nodes.shape) < keep) / keep
    error = weight * (sigmoid((nodes * mask) @ outer + offset[0]) - hair) / len(hair)
    back = error[:, None] * outer * mask * (nodes > 0)
    return rows.T @ back, back.sum(0), (nodes * mask).T @ error, np.array([error.sum()])


def looks(one: Example) -> np.ndarray:
    return np.hstack([one.features, one.around.company(one.before)])


def tell(learnt: str, net: Network, known: list[Example], features: list[np.ndarray]) -> None:
    """Precision and recall among the taken paths of the half that was not learnt, at some cuts."""
    here = [i for i, one in enumerate(known) if one.real and half(one) != learnt]
    told = np.concatenate([known[i].weight > 0 for i in here])
    hair = np.concatenate([known[i].hair for i in here])[told]
    sure = sigmoid(np.concatenate([net.odds(features[i]) for i in here]))[told]
    for cut in (0.25, 0.3, 0.35, 0.4, 0.45):
        kept = sure >= cut
        right = hair[kept].sum()
        print(f"{learnt} {cut:.2f}: precision {right / kept.sum():.3f}, "
              f"recall {right / hair.sum():.3f}", flush=True)  # fmt: skip


def written(net: Network) -> dict:
    return {
        name: np.vectorize(lambda v: float(f"{v:.4g}"))(getattr(net, name)).tolist()
        for name in ("mean", "sd", "inner", "bias", "outer", "offset")
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--rendered", type=int, default=60)
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    paths = [
        path
        for path in sorted((asked.folder / "Images").glob("*.jpg"))
        if int(subject(path)[-1]) % 2 == 0
    ]
    seeds = range(FIRST_SEED, FIRST_SEED + asked.rendered)
    with Pool(asked.workers) as pool:
        found = pool.map(from_picture, paths, 4) + pool.map(from_rendered, seeds, 2)
    save([one for several in found for one in several], asked.out)


def save(known: list[Example], out: Path) -> None:
    features = [looks(one) for one in known]
    for learnt in ("dev", "test", ""):
        here = [i for i, one in enumerate(known) if not learnt or half(one) in ("", learnt)]
        net = fit([known[i] for i in here], [features[i] for i in here])
        if learnt:
            tell(learnt, net, known, features)
        pictures = len({known[i].name for i in here if known[i].real})
        fields = len({known[i].name for i in here if not known[i].real})
        made = f"{pictures} annotated pictures of even subjects {learnt}".strip()
        told = {
            "fitted_on": f"{made}, {fields} rendered fields",
            "by": "benchmarks/trichoscopy_fit.py",
        }
        path = out.with_suffix(f".{learnt}.json") if learnt else out
        path.write_text(json.dumps({**told, "network": written(net)}) + "\n")


if __name__ == "__main__":
    main()
