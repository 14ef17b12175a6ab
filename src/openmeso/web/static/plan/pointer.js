/* Pointer: finger, stylus and mouse on the drawing surface. */

import { area, contains, distance, middle, nearest, simplified } from "./geometry.js";

const REACH = 24; // pixels: half a fingertip
const SLIP = 6; // pixels a tap may slide before it counts as a stroke

export class PointerTool {
    constructor(surface, state, { drawing, say, words, radius }) {
        Object.assign(this, { surface, state, drawing, say, words, radius });
        this.drag = null;
        surface.addEventListener("pointerdown", (event) => this.down(event));
        surface.addEventListener("pointermove", (event) => this.move(event));
        surface.addEventListener("pointerup", (event) => this.up(event));
        surface.addEventListener("pointercancel", () => this.cancel());
        surface.addEventListener("dblclick", () => this.finish());
    }

    get reach() {
        return REACH * this.drawing().mmPerPixel;
    }

    down(event) {
        // A second finger or the other mouse button never draws.
        if (!event.isPrimary || event.button !== 0) {
            return;
        }
        this.surface.setPointerCapture(event.pointerId);
        const at = this.drawing().at(event);
        this.drag = { kind: "tap", from: at, to: at };
        this.state.cursor = null;
        if (this.state.tool === "zone") {
            this.drag.line = [at];
        } else if (this.state.tool === "move") {
            Object.assign(this.drag, this.grab(at));
        }
    }

    /* What lies under the finger: corner, edge, spot or zone, the nearest first. */
    grab(at) {
        const { state } = this;
        const chosen = state.chosen?.view === state.view ? state.chosen : null;
        const spot = this.spotAt(at);
        if (spot) {
            state.choose(spot.zone, { spot: spot.spot });
            return { kind: "spot", ...spot };
        }
        const corner = chosen && this.cornerAt(chosen.polygon, at);
        if (corner) {
            return corner;
        }
        const zone = this.zoneAt(at);
        const wasChosen = zone >= 0 && zone === state.zone;
        state.choose(zone);
        return wasChosen ? { kind: "zone", zones: state.zones } : { kind: "none" };
    }

    cornerAt(polygon, at) {
        const { state } = this;
        const { grips } = state;
        const found = nearest(grips.map((i) => polygon[i]), at);
        if (grips.length === polygon.length) {
            const edge = this.edgeAt(polygon, at);
            if (edge >= 0 && found.distance > this.reach / 2) {
                state.preview(state.withNewCorner(state.zone, edge, at));
                state.choose(state.zone, { corner: edge + 1 });
                return { kind: "corner", corner: edge + 1 };
            }
        }
        if (found.distance >= this.reach) {
            return null;
        }
        const corner = grips[found.index];
        state.choose(state.zone, { corner });
        return { kind: "corner", corner };
    }

    /* The edge whose middle is under the finger, where it is long enough to show one. */
    edgeAt(polygon, at) {
        return polygon.findIndex((a, i) => {
            const b = polygon[(i + 1) % polygon.length];
            return distance(a, b) > 2 * this.reach && distance(middle(a, b), at) < this.reach / 2;
        });
    }

    zoneAt(at) {
        const { state } = this;
        if (state.chosen?.view === state.view && contains(state.chosen.polygon, at)) {
            return state.zone;
        }
        return state.zones.findLastIndex(
            (zone) => zone.view === state.view && contains(zone.polygon, at),
        );
    }

    spotAt(at) {
        for (const [zone, { view, exclusions }] of this.state.zones.entries()) {
            const spot = exclusions.findIndex(
                ({ centre, radius_mm: radius }) =>
                    view === this.state.view &&
                    distance(centre, at) < Math.max(radius, this.reach / 3),
            );
            if (spot >= 0) {
                return { zone, spot };
            }
        }
        return null;
    }

    move(event) {
        if (!this.drag || !event.isPrimary) {
            return;
        }
        const { state, drag } = this;
        const strokes = event.getCoalescedEvents?.() ?? [event];
        drag.to = this.drawing().at(event);
        const slid = distance(drag.from, drag.to) > SLIP * this.drawing().mmPerPixel;
        drag.moving ||= slid;
        if (!drag.moving) {
            return;
        }
        if (drag.line) {
            drag.line.push(...strokes.map((stroke) => this.drawing().at(stroke)));
            this.stroke();
        } else if (drag.kind === "corner") {
            state.preview(this.dragged(drag));
        } else if (drag.kind === "spot") {
            state.preview(state.withSpot(drag.zone, drag.spot, { centre: drag.to }));
        } else if (drag.kind === "zone") {
            const [dx, dy] = [drag.to[0] - drag.from[0], drag.to[1] - drag.from[1]];
            state.preview(state.withMoved(drag.zones, state.zone, dx, dy));
        }
    }

    /* Always from where the drag began, so that the outline follows without creeping. */
    dragged(drag) {
        const { state } = this;
        drag.zones ??= state.zones;
        state.zones = drag.zones;
        return state.withCorner(state.zone, drag.corner, drag.to);
    }

    stroke() {
        const { state, drag } = this;
        // A stroke begun while corners are being tapped is taken for a clumsy tap.
        if (state.draft.length && !state.freehand) {
            return;
        }
        state.freehand = true;
        state.draft = drag.line;
        state.changed("draft");
    }

    up(event) {
        if (!this.drag || !event.isPrimary) {
            return;
        }
        const { state, drag } = this;
        this.drag = null;
        if (state.freehand) {
            this.endStroke(drag.line);
        } else if (state.tool === "zone") {
            this.tapCorner(drag.to);
        } else if (state.tool === "spot") {
            this.tapSpot(drag.to);
        } else {
            state.keepPreview();
        }
    }

    endStroke(line) {
        const { state } = this;
        const pixel = this.drawing().mmPerPixel;
        const polygon = simplified([...line, line[0]], 3.5 * pixel).slice(0, -1);
        state.freehand = false;
        state.draft = [];
        if (polygon.length < 3 || area(polygon) < (20 * pixel) ** 2) {
            state.changed("draft");
            this.say(this.words.tooSmall);
            return;
        }
        state.addZone(polygon, state.freeName(this.words.newZone));
        state.use("move");
    }

    tapCorner(at) {
        const { state } = this;
        const closes = state.draft.length > 2 && distance(at, state.draft[0]) < this.reach;
        if (closes) {
            this.finish();
            return;
        }
        state.draft = [...state.draft, at];
        state.changed("draft");
        this.say(this.words.cornerSet.replace("{corners}", state.draft.length));
    }

    tapSpot(at) {
        const zone = this.zoneAt(at);
        if (zone < 0) {
            this.say(this.words.spotOutside);
            return;
        }
        this.state.addSpot(zone, at, this.radius());
        this.state.use("move");
    }

    /* Closes the zone being tapped; a double tap has set its last corner twice. */
    finish() {
        const { state } = this;
        if (state.tool !== "zone" || !state.draft.length) {
            return;
        }
        const polygon = state.draft.filter(
            (corner, i) => i === 0 || distance(corner, state.draft[i - 1]) > this.reach / 4,
        );
        if (polygon.length < 3) {
            this.say(this.words.threeCorners);
            return;
        }
        state.draft = [];
        state.addZone(polygon, state.freeName(this.words.newZone));
        state.use("move");
    }

    cancel() {
        this.drag = null;
        this.state.freehand = false;
        this.state.draft = [];
        this.state.dropPreview();
        this.state.changed("draft");
    }
}
