/* State of the map editor: the zones, what is chosen, and the way back. */

import { gripsOf, moved, rounded } from "./geometry.js";

const HISTORY = 100;
const MOST_GRIPS = 24;
const GRIP_TOLERANCE_MM = 1.5;

export class MapState extends EventTarget {
    constructor(zones, view) {
        super();
        this.zones = zones;
        this.view = view;
        this.tool = "move";
        this.zone = -1;
        this.corner = -1;
        this.spot = -1;
        this.draft = [];
        this.cursor = null;
        this.past = [];
        this.future = [];
        this.lastTag = "";
    }

    get chosen() {
        return this.zones[this.zone];
    }

    /* The corners to take hold of; while one is dragged they stay the same ones. */
    get grips() {
        const polygon = (this.beforePreview ?? this.zones)[this.zone]?.polygon ?? [];
        const now = this.chosen?.polygon ?? [];
        const grips = gripsOf(
            polygon.length === now.length ? polygon : now,
            MOST_GRIPS,
            GRIP_TOLERANCE_MM,
        );
        return this.corner < 0 || grips.includes(this.corner)
            ? grips
            : [...grips, this.corner].sort((a, b) => a - b);
    }

    /* The grip so many places on from a corner, round the outline. */
    gripFrom(corner, step) {
        const { grips } = this;
        return grips[(grips.indexOf(corner) + step + grips.length) % grips.length];
    }

    changed(kind) {
        this.dispatchEvent(new CustomEvent("change", { detail: kind }));
    }

    /* Steps with the same tag (arrow after arrow) are undone as one. */
    commit(zones, tag = "") {
        if (tag === "" || tag !== this.lastTag) {
            this.past = [...this.past, this.zones].slice(-HISTORY);
        }
        this.lastTag = tag;
        this.future = [];
        this.zones = zones;
        this.changed("zones");
    }

    /* What a drag shows before the finger is lifted. */
    preview(zones) {
        this.beforePreview ??= this.zones;
        this.zones = zones;
        this.changed("preview");
    }

    keepPreview() {
        if (this.beforePreview) {
            const zones = this.zones;
            this.zones = this.beforePreview;
            this.beforePreview = null;
            this.commit(zones);
        }
    }

    dropPreview() {
        if (this.beforePreview) {
            this.zones = this.beforePreview;
            this.beforePreview = null;
            this.changed("zones");
        }
    }

    undo() {
        this.step(this.past, this.future);
    }

    redo() {
        this.step(this.future, this.past);
    }

    step(from, to) {
        if (from.length === 0) {
            return;
        }
        to.push(this.zones);
        this.zones = from.pop();
        this.lastTag = "";
        this.choose(Math.min(this.zone, this.zones.length - 1));
        this.changed("zones");
    }

    choose(zone, { corner = -1, spot = -1 } = {}) {
        this.zone = zone;
        this.corner = corner;
        this.spot = spot;
        if (this.chosen && this.chosen.view !== this.view) {
            this.view = this.chosen.view;
        }
        this.changed("choice");
    }

    show(view) {
        this.view = view;
        this.draft = [];
        this.cursor = null;
        if (this.chosen && this.chosen.view !== view) {
            this.choose(-1);
        }
        this.changed("choice");
    }

    use(tool) {
        this.tool = tool;
        this.draft = [];
        this.cursor = null;
        this.changed("tool");
    }

    replaced(index, change) {
        return this.zones.map((zone, i) => (i === index ? { ...zone, ...change } : zone));
    }

    /* Moves a corner; what lies between it and the next grips is drawn along, less and less. */
    withCorner(index, corner, at) {
        const { polygon } = this.zones[index];
        const [dx, dy] = [at[0] - polygon[corner][0], at[1] - polygon[corner][1]];
        const weights = new Map([[corner, 1]]);
        if (index === this.zone && this.grips.length < polygon.length) {
            [1, -1].forEach((way) => this.along(corner, way, polygon.length, weights));
        }
        return this.replaced(index, {
            polygon: polygon.map(([x, y], i) => {
                const weight = weights.get(i) ?? 0;
                return weight ? rounded([x + weight * dx, y + weight * dy]) : [x, y];
            }),
        });
    }

    along(corner, way, corners, weights) {
        const next = this.gripFrom(corner, way);
        const steps = (way * (next - corner) + corners) % corners;
        for (let step = 1; step < steps; step += 1) {
            weights.set((corner + way * step + corners) % corners, 1 - step / steps);
        }
    }

    withNewCorner(index, after, at) {
        const polygon = [...this.zones[index].polygon];
        polygon.splice(after + 1, 0, rounded(at));
        return this.replaced(index, { polygon });
    }

    /* Takes a grip out, with the fine outline up to halfway to its neighbours. */
    withoutCorner(index, corner) {
        const { polygon } = this.zones[index];
        const before = this.gripFrom(corner, -1);
        const after = this.gripFrom(corner, 1);
        const span = (after - before + polygon.length) % polygon.length;
        const kept = polygon.filter((_, i) => {
            const place = (i - before + polygon.length) % polygon.length;
            return place === 0 || place >= span;
        });
        return kept.length < 3 ? null : this.replaced(index, { polygon: kept });
    }

    withMoved(zones, index, dx, dy) {
        const zone = zones[index];
        const exclusions = zone.exclusions.map((spot) => ({
            ...spot,
            centre: moved([spot.centre], dx, dy)[0],
        }));
        const change = { polygon: moved(zone.polygon, dx, dy), exclusions };
        return zones.map((old, i) => (i === index ? { ...old, ...change } : old));
    }

    withSpot(index, spot, change) {
        const exclusions = this.zones[index].exclusions.map((old, i) =>
            i === spot ? { ...old, ...change } : old,
        );
        return this.replaced(index, { exclusions });
    }

    addZone(polygon, name) {
        const zone = { name, view: this.view, polygon: polygon.map(rounded), exclusions: [] };
        this.commit([...this.zones, zone]);
        this.choose(this.zones.length - 1);
    }

    addSpot(index, centre, radius) {
        const spot = { centre: rounded(centre), radius_mm: radius, reason: "" };
        const exclusions = [...this.zones[index].exclusions, spot];
        this.commit(this.replaced(index, { exclusions }));
        this.choose(index, { spot: exclusions.length - 1 });
    }

    /* Deletes what is chosen: a spot, else a corner, else the zone. Says whether it could. */
    deleteChosen() {
        if (!this.chosen) {
            return false;
        }
        const { zone, corner, spot } = this;
        if (spot >= 0) {
            const exclusions = this.chosen.exclusions.filter((_, i) => i !== spot);
            this.commit(this.replaced(zone, { exclusions }));
            this.choose(zone);
            return true;
        }
        if (corner >= 0) {
            const zones = this.withoutCorner(zone, corner);
            if (zones) {
                this.commit(zones);
                this.choose(zone, { corner: this.grips[0] ?? -1 });
            }
            return Boolean(zones);
        }
        this.commit(this.zones.filter((_, i) => i !== zone));
        this.choose(-1);
        return true;
    }

    freeName(base) {
        const names = new Set(this.zones.map((zone) => zone.name));
        let number = this.zones.length + 1;
        while (names.has(`${base} ${number}`)) {
            number += 1;
        }
        return `${base} ${number}`;
    }
}
