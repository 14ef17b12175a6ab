/* State of the map editor: the zones, what is chosen, and the way back. */

import { moved, rounded } from "./geometry.js";

const HISTORY = 100;

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

    withCorner(index, corner, at) {
        const polygon = this.zones[index].polygon.map((old, i) => (i === corner ? rounded(at) : old));
        return this.replaced(index, { polygon });
    }

    withNewCorner(index, after, at) {
        const polygon = [...this.zones[index].polygon];
        polygon.splice(after + 1, 0, rounded(at));
        return this.replaced(index, { polygon });
    }

    withoutCorner(index, corner) {
        const polygon = this.zones[index].polygon.filter((_, i) => i !== corner);
        return polygon.length < 3 ? null : this.replaced(index, { polygon });
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
                this.choose(zone, { corner: Math.max(0, corner - 1) });
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
