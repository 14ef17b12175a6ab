/* Drawing: the map's views as SVG, kept up to date element by element so that focus survives. */

import { area, bounds, contains, crossesItself, labelPlace, middle, MM2_PER_CM2 } from "./geometry.js";

const LETTER_WIDTH = 0.55; // of the letters' height, on average
const SVG = "http://www.w3.org/2000/svg";

export function pathOf(points, closed = true) {
    return points.map(([x, y], i) => `${i ? "L" : "M"}${x} ${y}`).join("") + (closed ? "Z" : "");
}

function dotsOf(points) {
    return points.map(([x, y]) => `M${x.toFixed(2)} ${y.toFixed(2)}h0`).join("");
}

function setAll(element, attributes) {
    for (const [name, value] of Object.entries(attributes)) {
        if (value === null || value === undefined) {
            element.removeAttribute(name);
        } else if (element.getAttribute(name) !== String(value)) {
            element.setAttribute(name, value);
        }
    }
}

/* Makes the layer's children be exactly the items, by key, in order. */
function sync(layer, items) {
    const old = new Map([...layer.children].map((child) => [child.dataset.key, child]));
    items.forEach(({ key, tag, text, ...attributes }, i) => {
        let element = old.get(key);
        if (!element || element.tagName !== tag) {
            element = document.createElementNS(SVG, tag);
            element.dataset.key = key;
        }
        old.delete(key);
        setAll(element, attributes);
        if (text !== undefined && element.textContent !== text) {
            element.textContent = text;
        }
        if (layer.children[i] !== element) {
            layer.insertBefore(element, layer.children[i] ?? null);
        }
    });
    old.forEach((element) => element.remove());
}

export function frameOf(view) {
    const labels = view.labels.map(([x, y]) => [x, y]);
    const box = bounds([...view.outline, ...view.lines.flat(), ...labels]);
    const edge = 0.04 * Math.max(box.width, box.height);
    return {
        left: box.left - edge,
        top: box.top - edge,
        width: box.width + 2 * edge,
        height: box.height + 2 * edge,
        // one hundredth of the drawing: strokes and letters are measured in it
        unit: Math.max(box.width, box.height) / 100,
    };
}

function landmarks(view, unit) {
    return [
        { key: "outline", tag: "path", class: "map-outline", d: pathOf(view.outline) },
        ...view.lines.map((line, i) => ({
            key: `line-${i}`,
            tag: "path",
            class: "map-line",
            d: pathOf(line, false),
        })),
        ...view.labels.map(([x, y, text], i) => ({
            key: `label-${i}`,
            tag: "text",
            class: "map-label",
            x,
            y,
            "font-size": 3.4 * unit,
            text,
        })),
    ];
}

export class Drawing {
    constructor(svg, view, { words = {}, live = false } = {}) {
        this.svg = svg;
        this.view = view;
        this.words = words;
        this.live = live;
        this.frame = frameOf(view);
        const { left, top, width, height } = this.frame;
        svg.replaceChildren();
        svg.setAttribute("viewBox", `${left} ${top} ${width} ${height}`);
        this.layers = Object.fromEntries(
            ["ground", "zones", "points", "names", "spots", "corners", "draft"].map((name) => {
                const layer = document.createElementNS(SVG, "g");
                layer.setAttribute("class", `map-layer map-layer--${name}`);
                svg.append(layer);
                return [name, layer];
            }),
        );
        sync(this.layers.ground, landmarks(view, this.frame.unit));
    }

    /* Millimetres of the map in one pixel of the screen. */
    get mmPerPixel() {
        const { width, height } = this.svg.getBoundingClientRect();
        return Math.max(this.frame.width / (width || 1), this.frame.height / (height || 1));
    }

    at(event) {
        const matrix = this.svg.getScreenCTM();
        const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse());
        return [point.x, point.y];
    }

    focusOn(key) {
        this.svg.querySelector(`[data-key="${key}"]`)?.focus({ preventScroll: true });
    }

    areaCm2(zone) {
        return (area(zone.polygon) * (this.view.scale ?? 1) ** 2) / MM2_PER_CM2;
    }

    draw(state, points) {
        const here = state.zones
            .map((zone, index) => ({ zone, index }))
            .filter(({ zone }) => zone.view === this.view.id);
        // A landmark's name makes room where a zone's own name and points stand.
        [...this.layers.ground.querySelectorAll("text")].forEach((label) => {
            const at = [Number(label.getAttribute("x")), Number(label.getAttribute("y"))];
            const covered = here.some(({ zone }) => contains(zone.polygon, at));
            label.classList.toggle("is-covered", covered);
        });
        sync(this.layers.zones, here.map((item) => this.zonePath(item, state)));
        sync(this.layers.points, [
            { key: "points", tag: "path", class: "map-points", d: dotsOf(points ?? []) },
        ]);
        sync(this.layers.names, here.map((item) => this.zoneName(item)));
        sync(this.layers.spots, here.flatMap((item) => this.spots(item, state)));
        if (this.live) {
            sync(this.layers.corners, this.corners(state));
            sync(this.layers.draft, this.draft(state));
        }
    }

    zonePath({ zone, index }, state) {
        const chosen = this.live && index === state.zone;
        const faulty = crossesItself(zone.polygon);
        const shape = {
            key: `zone-${index}`,
            tag: "path",
            class: `map-zone${chosen ? " is-chosen" : ""}${faulty ? " is-faulty" : ""}`,
            d: pathOf(zone.polygon),
        };
        if (!this.live) {
            return shape;
        }
        return {
            ...shape,
            tabindex: 0,
            role: "button",
            "aria-pressed": String(chosen),
            "aria-label": this.words.zone
                .replace("{name}", zone.name)
                .replace("{area}", this.areaCm2(zone).toFixed(1))
                .replace("{corners}", zone.polygon.length),
        };
    }

    zoneName({ zone, index }) {
        const { at, width } = labelPlace(zone.polygon);
        const size = 4 * this.frame.unit;
        // A name that would run over its zone's edge gives way to the number in the list.
        const fits = this.live && zone.name.length * LETTER_WIDTH * size < width;
        const [x, y] = at;
        return {
            key: `name-${index}`,
            tag: "text",
            class: "map-name",
            x,
            y,
            "font-size": size,
            text: fits ? zone.name : String(index + 1),
        };
    }

    spots({ zone, index }, state) {
        return zone.exclusions.map((spot, i) => {
            const chosen = this.live && index === state.zone && i === state.spot;
            const shape = {
                key: `spot-${index}-${i}`,
                tag: "circle",
                class: `map-spot${chosen ? " is-chosen" : ""}`,
                cx: spot.centre[0],
                cy: spot.centre[1],
                r: spot.radius_mm,
            };
            return this.live
                ? {
                      ...shape,
                      tabindex: 0,
                      role: "button",
                      "aria-label": this.words.spot
                          .replace("{radius}", spot.radius_mm)
                          .replace("{name}", zone.name),
                  }
                : shape;
        });
    }

    corners(state) {
        if (!state.chosen || state.tool !== "move" || state.chosen.view !== this.view.id) {
            return [];
        }
        const { polygon } = state.chosen;
        const { grips } = state;
        const pixel = this.mmPerPixel;
        const tabbed = grips.includes(state.corner) ? state.corner : grips[0];
        const handles = grips.map((i, place) => ({
            key: `corner-${i}`,
            tag: "circle",
            class: `map-corner${i === state.corner ? " is-chosen" : ""}`,
            cx: polygon[i][0],
            cy: polygon[i][1],
            r: (i === state.corner ? 9 : 7) * pixel,
            role: "button",
            tabindex: i === tabbed ? 0 : -1,
            "aria-label": this.words.corner
                .replace("{number}", place + 1)
                .replace("{corners}", grips.length),
        }));
        return [...this.between(polygon, grips, pixel), ...handles];
    }

    between(polygon, grips, pixel) {
        if (grips.length < polygon.length) {
            return [];
        }
        return polygon
            .map((corner, i) => ({ i, a: corner, b: polygon[(i + 1) % polygon.length] }))
            .filter(({ a, b }) => Math.hypot(a[0] - b[0], a[1] - b[1]) > 48 * pixel)
            .map(({ i, a, b }) => {
                const [cx, cy] = middle(a, b);
                return { key: `between-${i}`, tag: "circle", class: "map-between", cx, cy, r: 4 * pixel };
            });
    }

    draft(state) {
        const pixel = this.mmPerPixel;
        const items = [];
        if (state.draft.length) {
            items.push({ key: "draft", tag: "path", class: "map-draft", d: pathOf(state.draft, false) });
            if (!state.freehand) {
                state.draft.forEach(([cx, cy], i) =>
                    items.push({
                        key: `draft-${i}`,
                        tag: "circle",
                        class: `map-corner${i === 0 ? " is-first" : ""}`,
                        cx,
                        cy,
                        r: (i === 0 ? 10 : 6) * pixel,
                    }),
                );
            }
        }
        if (state.cursor) {
            const [x, y] = state.cursor;
            const arm = 14 * pixel;
            const d = `M${x - arm} ${y}H${x + arm}M${x} ${y - arm}V${y + arm}`;
            items.push({ key: "cursor", tag: "path", class: "map-cursor", d });
        }
        return items;
    }
}
