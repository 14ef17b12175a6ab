/* Keyboard: everything the finger can do on the picture, by keys alone. */

const ARROWS = {
    ArrowLeft: [-1, 0],
    ArrowRight: [1, 0],
    ArrowUp: [0, -1],
    ArrowDown: [0, 1],
};
const STEP = 4; // pixels of the screen
const LONG_STEP = 24;
const MOVE = 60;
const ZOOM = 1.4;

export class KeyboardTool {
    constructor(surface, state, view, { say, words, mayCorrect }) {
        Object.assign(this, { surface, state, view, say, words, mayCorrect });
        surface.addEventListener("keydown", (event) => this.press(event));
    }

    press(event) {
        if (event.altKey) {
            return;
        }
        const handled =
            event.ctrlKey || event.metaKey
                ? this.undoRedo(event)
                : this.pen(event) || this.look(event) || (this.mayCorrect && this.correct(event));
        if (handled) {
            event.preventDefault();
            event.stopPropagation();
        }
    }

    undoRedo({ key, shiftKey }) {
        const small = key.toLowerCase();
        if (small !== "z" && small !== "y") {
            return false;
        }
        if (small === "y" || shiftKey) {
            this.state.redo();
        } else {
            this.state.undo();
        }
        return true;
    }

    /* A cross steered by arrows: a new hair, or the line of a known length. */
    pen({ key, shiftKey }) {
        const { state, view } = this;
        if (!state.cursor) {
            return false;
        }
        const arrow = ARROWS[key];
        if (arrow) {
            const step = (shiftKey ? LONG_STEP : STEP) * view.perPixel;
            const cursor = state.cursor.map((value, axis) => value + step * arrow[axis]);
            view.reveal(cursor);
            state.draw(state.pen, cursor);
        } else if (key === " ") {
            state.draw([...state.pen, state.cursor]);
            this.say(this.words.point.replace("{n}", state.pen.length));
        } else if (key === "Enter") {
            this.finish();
        } else if (key === "Escape") {
            state.draw([], null);
            state.use("look");
        } else {
            return false;
        }
        return true;
    }

    finish() {
        const { state } = this;
        const path = [...state.pen, state.cursor];
        state.cursor = null;
        if (state.tool === "line") {
            state.draw(path.slice(0, 2), null);
        } else {
            state.add(path);
        }
    }

    look({ key }) {
        const { view } = this;
        const arrow = ARROWS[key];
        if (arrow) {
            view.move(...arrow.map((way) => way * MOVE * view.perPixel));
        } else if (key === "+" || key === "=") {
            view.closer(ZOOM);
        } else if (key === "-") {
            view.closer(1 / ZOOM);
        } else if (key === "n" || key === "p") {
            this.walk(key === "n" ? 1 : -1);
        } else {
            return false;
        }
        return true;
    }

    /* From hair to hair as one reads: row by row, from the left. */
    walk(step) {
        const { state, view } = this;
        const order = [...state.hairs.keys()].sort((a, b) => {
            const [ax, ay] = state.hairs[a].path[0];
            const [bx, by] = state.hairs[b].path[0];
            const row = view.height / 12;
            return Math.floor(ay / row) - Math.floor(by / row) || ax - bx;
        });
        if (!order.length) {
            return;
        }
        const here = order.indexOf(state.chosen);
        const next = here < 0 ? (step > 0 ? 0 : order.length - 1) : here + step;
        const place = (next + order.length) % order.length;
        state.choose(order[place]);
        view.reveal(state.hairs[order[place]].path[0]);
        const said = { n: place + 1, all: order.length };
        this.say(this.words.hair.replace("{n}", said.n).replace("{all}", said.all));
    }

    correct({ key }) {
        const { state, view } = this;
        if (key === "a") {
            state.use("add");
            state.draw([], view.middle);
            this.say(this.words.cross);
            return true;
        }
        if (state.chosen < 0) {
            return false;
        }
        const deeds = {
            Delete: () => state.remove(state.chosen),
            Backspace: () => state.remove(state.chosen),
            f: () => state.flip(state.chosen),
            s: () => state.split(state.chosen) || this.say(this.words.short),
            j: () => this.join(),
        };
        deeds[key]?.();
        return key in deeds;
    }

    join() {
        const other = this.state.nearestEnd(this.state.chosen);
        if (other >= 0) {
            this.state.join(this.state.chosen, other);
        }
    }
}
