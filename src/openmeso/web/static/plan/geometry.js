/* Geometry of polygons drawn on a map: plain numbers in mm, no page, no state. */

export const MM2_PER_CM2 = 100;

export function distance([ax, ay], [bx, by]) {
    return Math.hypot(bx - ax, by - ay);
}

export function middle([ax, ay], [bx, by]) {
    return [(ax + bx) / 2, (ay + by) / 2];
}

/* A tenth of a millimetre is finer than any hand draws. */
export function rounded([x, y]) {
    return [Math.round(x * 10) / 10, Math.round(y * 10) / 10];
}

export function area(polygon) {
    let twice = 0;
    polygon.forEach(([x, y], i) => {
        const [nextX, nextY] = polygon[(i + 1) % polygon.length];
        twice += x * nextY - nextX * y;
    });
    return Math.abs(twice) / 2;
}

export function contains(polygon, [x, y]) {
    let inside = false;
    for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i++) {
        const [ax, ay] = polygon[i];
        const [bx, by] = polygon[j];
        if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) {
            inside = !inside;
        }
    }
    return inside;
}

export function bounds(points) {
    const xs = points.map(([x]) => x);
    const ys = points.map(([, y]) => y);
    const left = Math.min(...xs);
    const top = Math.min(...ys);
    return { left, top, width: Math.max(...xs) - left, height: Math.max(...ys) - top };
}

/* Where a name is best written, and how wide: the widest run inside the polygon. */
export function labelPlace(polygon) {
    const { top, height } = bounds(polygon);
    let best = { width: 0, at: polygon[0] };
    for (const share of [0.5, 0.4, 0.6, 0.3, 0.7]) {
        const y = top + share * height + 1e-6;
        const cuts = polygon
            .map((corner, i) => [corner, polygon[(i + 1) % polygon.length]])
            .filter(([a, b]) => a[1] > y !== b[1] > y)
            .map(([a, b]) => a[0] + ((y - a[1]) * (b[0] - a[0])) / (b[1] - a[1]))
            .sort((a, b) => a - b);
        for (let i = 0; i + 1 < cuts.length; i += 2) {
            const width = cuts[i + 1] - cuts[i];
            if (width > best.width * 1.15) {
                best = { width, at: [(cuts[i] + cuts[i + 1]) / 2, y] };
            }
        }
    }
    return best;
}

function distanceToLine(point, start, end) {
    const length = distance(start, end);
    if (length === 0) {
        return distance(point, start);
    }
    const along =
        ((point[0] - start[0]) * (end[0] - start[0]) + (point[1] - start[1]) * (end[1] - start[1])) /
        length ** 2;
    const share = Math.max(0, Math.min(1, along));
    return distance(point, [
        start[0] + share * (end[0] - start[0]),
        start[1] + share * (end[1] - start[1]),
    ]);
}

/* Douglas-Peucker: drops the points of a free-hand line that lie within the tolerance. */
export function simplified(line, tolerance) {
    if (line.length < 3) {
        return line;
    }
    let farthest = 0;
    let at = 0;
    for (let i = 1; i < line.length - 1; i += 1) {
        const off = distanceToLine(line[i], line[0], line[line.length - 1]);
        if (off > farthest) {
            farthest = off;
            at = i;
        }
    }
    if (farthest <= tolerance) {
        return [line[0], line[line.length - 1]];
    }
    const before = simplified(line.slice(0, at + 1), tolerance);
    return [...before.slice(0, -1), ...simplified(line.slice(at), tolerance)];
}

function side(a, b, c) {
    return Math.sign((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]));
}

function crosses(a, b, c, d) {
    return side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0;
}

/* Whether two edges of the polygon cut each other: such a drawing has no area one could trust. */
export function crossesItself(polygon) {
    const edges = polygon.map((corner, i) => [corner, polygon[(i + 1) % polygon.length]]);
    return edges.some(([a, b], i) => edges.slice(i + 1).some(([c, d]) => crosses(a, b, c, d)));
}

export function nearest(points, to) {
    let found = { index: -1, distance: Infinity };
    points.forEach((point, index) => {
        const off = distance(point, to);
        if (off < found.distance) {
            found = { index, distance: off };
        }
    });
    return found;
}

export function moved(points, dx, dy) {
    return points.map(([x, y]) => rounded([x + dx, y + dy]));
}

/* The corners that give a finely drawn outline its shape: grips for the hand. */
export function gripsOf(polygon, most, tolerance) {
    if (polygon.length <= most) {
        return polygon.map((_, i) => i);
    }
    const half = Math.floor(polygon.length / 2);
    const kept = new Set([
        ...simplified(polygon.slice(0, half + 1), tolerance),
        ...simplified([...polygon.slice(half), polygon[0]], tolerance),
    ]);
    const grips = polygon.map((_, i) => i).filter((i) => kept.has(polygon[i]));
    return grips.length < 3 || grips.length > most
        ? gripsOf(polygon, most, tolerance * (grips.length < 3 ? 0.5 : 1.5))
        : grips;
}
