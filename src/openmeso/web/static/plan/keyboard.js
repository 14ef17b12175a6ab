/* Keyboard: everything the finger can do on the map, by keys alone. */

import { middle } from "./geometry.js";

const ARROWS = {
    ArrowLeft: [-1, 0],
    ArrowRight: [1, 0],
    ArrowUp: [0, -1],
    ArrowDown: [0, 1],
};
const STEP_MM = 1;
const LONG_STEP_MM = 5;

export class KeyboardTool {
    constructor(surface, state, { drawing, pointer, say, words, radius }) {
        Object.assign(this, { surface, state, drawing, pointer, say, words, radius });
        surface.addEventListener("keydown", (event) => this.press(event));
        surface.addEventListener("focusin", (event) => this.focused(event));
    }

    press(event) {
        if (event.altKey || this.undoRedo(event)) {
            return;
        }
        const [kind, first, second] = (event.target.dataset?.key ?? "surface").split("-");
        const parts = ["zone", "corner", "spot"];
        const handled =
            this.state.tool === "move"
                ? parts.includes(kind) && this[kind](event, Number(first), Number(second))
                : this.pen(event);
        if (handled) {
            event.preventDefault();
            event.stopPropagation();
        }
    }

    undoRedo(event) {
        const key = event.key.toLowerCase();
        if (!(event.ctrlKey || event.metaKey) || !["z", "y"].includes(key)) {
            return false;
        }
        event.preventDefault();
        if (key === "y" || event.shiftKey) {
            this.state.redo();
        } else {
            this.state.undo();
        }
        return true;
    }

    /* Focus chooses, so that what is read out is what the arrows move. */
    focused(event) {
        const [kind, first, second] = (event.target.dataset?.key ?? "").split("-");
        if (this.state.tool !== "move") {
            return;
        }
        if (kind === "zone" && this.state.zone !== Number(first)) {
            this.state.choose(Number(first));
        } else if (kind === "spot" && this.state.spot !== Number(second)) {
            this.state.choose(Number(first), { spot: Number(second) });
        } else if (kind === "corner" && this.state.corner !== Number(first)) {
            this.state.choose(this.state.zone, { corner: Number(first) });
        }
    }

    shift(event) {
        const arrow = ARROWS[event.key];
        const step = event.shiftKey ? LONG_STEP_MM : STEP_MM;
        return arrow && arrow.map((direction) => direction * step);
    }

    zone(event, index) {
        const { state } = this;
        const shift = this.shift(event);
        if (shift) {
            state.commit(state.withMoved(state.zones, index, ...shift), `zone-${index}`);
        } else if (event.key === "Enter" || event.key === " ") {
            this.before = state.zones;
            state.choose(index);
            this.goTo(state.grips[0]);
            this.say(this.words.editing);
        } else if (event.key === "Delete" || event.key === "Backspace") {
            const { name } = state.zones[index];
            state.choose(index);
            state.deleteChosen();
            this.say(this.words.deleted.replace("{name}", name));
            this.surface.focus();
        } else {
            return false;
        }
        return true;
    }

    corner(event, index) {
        const { state } = this;
        const shift = this.shift(event);
        const to = {
            PageDown: state.gripFrom(index, 1),
            PageUp: state.gripFrom(index, -1),
            Home: state.grips[0],
            End: state.grips.at(-1),
        }[event.key];
        if (shift) {
            const [x, y] = state.chosen.polygon[index];
            const zones = state.withCorner(state.zone, index, [x + shift[0], y + shift[1]]);
            state.commit(zones, `corner-${state.zone}-${index}`);
        } else if (to !== undefined) {
            this.goTo(to);
        } else {
            return this.editCorner(event, index);
        }
        return true;
    }

    editCorner(event, index) {
        const { state } = this;
        if (event.key === "Insert" || event.key === "+") {
            this.insert(index);
        } else if (event.key === "Delete" || event.key === "Backspace") {
            if (state.deleteChosen()) {
                this.goTo(state.corner);
            } else {
                this.say(this.words.threeCorners);
            }
        } else if (event.key === "Enter") {
            this.leave(this.words.finished);
        } else if (event.key === "Escape") {
            if (this.before && this.before !== state.zones) {
                state.commit(this.before);
            }
            this.leave(this.words.cancelled);
        } else {
            return false;
        }
        return true;
    }

    /* A new corner halfway to the next; where the outline is fine, one that is there already. */
    insert(index) {
        const { state } = this;
        const { polygon } = state.chosen;
        const steps = (state.gripFrom(index, 1) - index + polygon.length) % polygon.length;
        if (steps > 1) {
            this.goTo((index + Math.floor(steps / 2)) % polygon.length);
            return;
        }
        const at = middle(polygon[index], polygon[(index + 1) % polygon.length]);
        state.commit(state.withNewCorner(state.zone, index, at));
        this.goTo(index + 1);
    }

    goTo(corner) {
        this.state.choose(this.state.zone, { corner });
        this.drawing().focusOn(`corner-${corner}`);
    }

    leave(word) {
        const { zone } = this.state;
        this.before = null;
        this.state.choose(zone);
        this.drawing().focusOn(`zone-${zone}`);
        this.say(word);
    }

    spot(event, index, spot) {
        const { state } = this;
        const { centre, radius_mm: radius } = state.zones[index].exclusions[spot];
        const shift = this.shift(event);
        const grow = { "+": 1, "=": 1, "-": -1 }[event.key];
        const tag = `spot-${index}-${spot}`;
        if (shift) {
            const to = [centre[0] + shift[0], centre[1] + shift[1]];
            state.commit(state.withSpot(index, spot, { centre: to }), tag);
        } else if (grow) {
            state.commit(state.withSpot(index, spot, { radius_mm: Math.max(1, radius + grow) }), tag);
        } else if (event.key === "Delete" || event.key === "Backspace") {
            state.choose(index, { spot });
            state.deleteChosen();
            this.drawing().focusOn(`zone-${index}`);
        } else {
            return false;
        }
        return true;
    }

    /* Drawing without a pointer: a cross is steered, the space bar sets corners. */
    pen(event) {
        const { state } = this;
        const shift = this.shift(event);
        if (shift) {
            const { left, top, width, height } = this.drawing().frame;
            const [x, y] = state.cursor ?? [left + width / 2, top + height / 2];
            state.cursor = [x + shift[0], y + shift[1]];
            state.changed("draft");
        } else if (event.key === " " || (event.key === "Enter" && state.tool === "spot")) {
            this.put();
        } else if (event.key === "Enter") {
            this.pointer.finish();
            this.drawing().focusOn(`zone-${state.zone}`);
        } else if (event.key === "Backspace" || event.key === "Delete") {
            state.draft = state.draft.slice(0, -1);
            state.changed("draft");
        } else if (event.key === "Escape") {
            state.use("move");
            this.say(this.words.cancelled);
        } else {
            return false;
        }
        return true;
    }

    put() {
        const { state } = this;
        if (!state.cursor) {
            this.say(this.words.steer);
        } else if (state.tool === "zone") {
            this.pointer.tapCorner(state.cursor);
        } else {
            this.pointer.tapSpot(state.cursor);
        }
    }
}
