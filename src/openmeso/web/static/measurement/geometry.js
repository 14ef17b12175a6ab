/* Geometry: lines of hairs in pixels of the picture, root first. */

export const distance = ([ax, ay], [bx, by]) => Math.hypot(ax - bx, ay - by);

export const tidy = (path) => path.map(([x, y]) => [Math.round(x * 10) / 10, Math.round(y * 10) / 10]);

/* Where a line comes nearest to a point: how far, on which part, and the place itself. */
export function nearestOn(path, at) {
    let best = { distance: Infinity, part: 0, place: path[0] };
    for (let part = 0; part + 1 < path.length; part += 1) {
        const [ax, ay] = path[part];
        const [bx, by] = path[part + 1];
        const long = (bx - ax) ** 2 + (by - ay) ** 2;
        const along = long ? ((at[0] - ax) * (bx - ax) + (at[1] - ay) * (by - ay)) / long : 0;
        const share = Math.min(1, Math.max(0, along));
        const place = [ax + share * (bx - ax), ay + share * (by - ay)];
        const away = distance(place, at);
        if (away < best.distance) {
            best = { distance: away, part, place };
        }
    }
    return best;
}

export function length(path) {
    return path.slice(1).reduce((sum, point, n) => sum + distance(path[n], point), 0);
}

/* The place half way along. */
export function halfWay(path) {
    let left = length(path) / 2;
    for (let n = 1; n < path.length; n += 1) {
        const step = distance(path[n - 1], path[n]);
        if (step >= left) {
            const share = step ? left / step : 0;
            return path[n - 1].map((value, axis) => value + share * (path[n][axis] - value));
        }
        left -= step;
    }
    return path.at(-1);
}

/* Fewer points within a tolerance (Douglas and Peucker). */
export function simplified(path, tolerance) {
    if (path.length < 3) {
        return path;
    }
    const chord = [path[0], path.at(-1)];
    let far = 0;
    let where = 0;
    path.slice(1, -1).forEach((point, n) => {
        const away = nearestOn(chord, point).distance;
        if (away > far) {
            far = away;
            where = n + 1;
        }
    });
    if (far <= tolerance) {
        return chord;
    }
    const before = simplified(path.slice(0, where + 1), tolerance);
    return [...before.slice(0, -1), ...simplified(path.slice(where), tolerance)];
}

/* The hair under a point, within reach. */
export function hairAt(hairs, at, reach) {
    let best = { index: -1, distance: reach };
    hairs.forEach(({ path }, index) => {
        const found = nearestOn(path, at);
        if (found.distance < best.distance) {
            best = { index, ...found };
        }
    });
    return best;
}

/* Two lines as one, by their nearest ends; the root stays the first one's where it can. */
export function joined(first, second) {
    const ways = [
        [first, second],
        [first, second.toReversed()],
        [second, first],
        [second.toReversed(), first],
    ];
    const gap = ([a, b]) => distance(a.at(-1), b[0]);
    const [a, b] = ways.reduce((best, way) => (gap(way) < gap(best) - 1e-9 ? way : best));
    return [...a, ...(gap([a, b]) < 0.5 ? b.slice(1) : b)];
}
