/* State of the hair editor: the hairs as they stand, what is chosen, and the way back. */

import { halfWay, hairAt, joined, length, nearestOn, tidy } from "./geometry.js";

const HISTORY = 500;

export class HairState extends EventTarget {
    constructor(hairs) {
        super();
        this.read = hairs.map(({ id, path, class: kind }) => ({ of: [id], path, kind }));
        this.hairs = this.read;
        this.tool = "look";
        this.chosen = -1;
        this.pen = [];
        this.cursor = null;
        this.past = [];
        this.future = [];
    }

    changed(kind) {
        this.dispatchEvent(new CustomEvent("change", { detail: kind }));
    }

    commit(hairs, chosen = -1) {
        this.past = [...this.past, this.hairs].slice(-HISTORY);
        this.future = [];
        this.hairs = hairs;
        this.chosen = chosen;
        this.changed("hairs");
    }

    undo() {
        this.step("past", "future");
    }

    redo() {
        this.step("future", "past");
    }

    step(from, to) {
        if (this[from].length) {
            this[to] = [...this[to], this.hairs];
            this.hairs = this[from].at(-1);
            this[from] = this[from].slice(0, -1);
            this.chosen = -1;
            this.changed("hairs");
        }
    }

    use(tool) {
        this.tool = tool;
        this.pen = [];
        this.cursor = null;
        this.changed("tool");
    }

    choose(index) {
        this.chosen = index;
        this.changed("choice");
    }

    draw(pen, cursor = this.cursor) {
        this.pen = pen;
        this.cursor = cursor;
        this.changed("pen");
    }

    /* Put in place of one hair any number of others. */
    replace(index, ...others) {
        const { hairs } = this;
        return [...hairs.slice(0, index), ...others, ...hairs.slice(index + 1)];
    }

    add(path) {
        this.pen = [];
        if (path.length > 1 && length(path) >= 2) {
            const hair = { of: [], path: tidy(path), kind: "new" };
            this.commit([...this.hairs, hair], this.hairs.length);
        } else {
            this.changed("pen");
        }
    }

    remove(index) {
        this.commit(this.replace(index));
    }

    flip(index) {
        const hair = this.hairs[index];
        this.commit(this.replace(index, { ...hair, path: hair.path.toReversed() }), index);
    }

    /* Two hairs from one: each keeps its part, and its root at its own beginning. */
    split(index, at = halfWay(this.hairs[index].path)) {
        const hair = this.hairs[index];
        const { part, place } = nearestOn(hair.path, at);
        const first = tidy([...hair.path.slice(0, part + 1), place]);
        const second = tidy([place, ...hair.path.slice(part + 1)]);
        if (length(first) < 2 || length(second) < 2) {
            return false;
        }
        const halves = [first, second].map((path) => ({ ...hair, path }));
        this.commit(this.replace(index, ...halves), index);
        return true;
    }

    join(first, second) {
        const a = this.hairs[first];
        const b = this.hairs[second];
        const hair = { ...a, of: [...new Set([...a.of, ...b.of])], path: joined(a.path, b.path) };
        const rest = this.hairs.filter((_, n) => n !== first && n !== second);
        this.commit([...rest, hair], rest.length);
    }

    /* The hair whose end lies nearest to an end of this one. */
    nearestEnd(index) {
        const { path } = this.hairs[index];
        let best = { index: -1, gap: Infinity };
        this.hairs.forEach((other, n) => {
            if (n !== index) {
                [path[0], path.at(-1)].forEach((end) => {
                    [other.path[0], other.path.at(-1)].forEach((far) => {
                        const gap = Math.hypot(end[0] - far[0], end[1] - far[1]);
                        best = gap < best.gap ? { index: n, gap } : best;
                    });
                });
            }
        });
        return best.index;
    }

    at(point, reach) {
        return hairAt(this.hairs, point, reach);
    }

    get isChanged() {
        return this.hairs !== this.read;
    }

    /* How many came and went, for the foot of the editor. */
    get balance() {
        const kept = new Set(this.read);
        const left = this.hairs.filter((hair) => kept.has(hair)).length;
        return { now: this.hairs.length, read: this.read.length, touched: this.hairs.length - left };
    }

    restore(hairs) {
        this.commit(hairs.map(({ of, path, kind }) => ({ of, path, kind })));
        this.past = [this.read];
    }

    reset() {
        this.hairs = this.read;
        this.past = [];
        this.future = [];
        this.chosen = -1;
        this.changed("hairs");
    }

    /* As the server reads it. */
    toText() {
        return JSON.stringify(this.hairs.map(({ path, of }) => ({ path_px: path, of })));
    }
}
