/* Pointer: one finger, pen or mouse uses the tool; two fingers or the wheel zoom and move. */

import { distance, simplified } from "./geometry.js";

const REACH = 24; // pixels of the screen: half a fingertip
const SLIP = 7; // pixels a tap may slide before it counts as a stroke
const WHEEL = 1.0015;

export class PointerTool {
    constructor(surface, state, view, { act }) {
        Object.assign(this, { surface, state, view, act });
        this.down = new Map();
        this.stroke = null;
        surface.addEventListener("pointerdown", (event) => this.press(event));
        surface.addEventListener("pointermove", (event) => this.move(event));
        surface.addEventListener("pointerup", (event) => this.lift(event));
        surface.addEventListener("pointercancel", (event) => this.cancel(event));
        surface.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    }

    get reach() {
        return REACH * this.view.perPixel;
    }

    press(event) {
        if (event.button > 1) {
            return;
        }
        this.surface.setPointerCapture(event.pointerId);
        this.down.set(event.pointerId, event);
        if (this.down.size > 1) {
            this.stroke = null;
            this.state.draw(this.state.tool === "line" ? this.state.pen : []);
            return;
        }
        const at = this.view.at(event);
        const moves = this.state.tool === "look" || event.button === 1;
        this.stroke = { from: at, last: at, line: [at], moves, slid: false };
    }

    move(event) {
        const before = this.down.get(event.pointerId);
        if (!before) {
            return;
        }
        if (this.down.size > 1) {
            this.pinch(event);
        } else if (this.stroke) {
            this.drag(event, before);
        }
        this.down.set(event.pointerId, event);
    }

    drag(event, before) {
        const { stroke, view, state } = this;
        const far = distance(stroke.from, view.at(event)) > SLIP * view.perPixel;
        stroke.slid ||= far;
        if (!stroke.slid) {
            return;
        }
        if (stroke.moves) {
            view.move(
                (before.clientX - event.clientX) * view.perPixel,
                (before.clientY - event.clientY) * view.perPixel,
            );
        } else if (state.tool === "add") {
            const events = event.getCoalescedEvents?.() ?? [];
            (events.length ? events : [event]).forEach((one) => stroke.line.push(view.at(one)));
            state.draw(stroke.line, null);
        }
    }

    /* Two fingers: what was under them stays under them. */
    pinch(event) {
        const { view } = this;
        const held = [...this.down.values()].find((one) => one.pointerId !== event.pointerId);
        const was = this.down.get(event.pointerId);
        const spread = (one) => Math.hypot(one.clientX - held.clientX, one.clientY - held.clientY);
        const middle = (one) => ({
            clientX: (one.clientX + held.clientX) / 2,
            clientY: (one.clientY + held.clientY) / 2,
        });
        const [from, to] = [view.at(middle(was)), view.at(middle(event))];
        view.move(from[0] - to[0], from[1] - to[1]);
        view.closer(spread(event) / (spread(was) || 1), view.at(middle(event)));
    }

    lift(event) {
        const { stroke, state } = this;
        this.down.delete(event.pointerId);
        if (!stroke || this.down.size) {
            return;
        }
        this.stroke = null;
        if (stroke.slid && state.tool === "add" && !stroke.moves) {
            state.add(simplified(stroke.line, 1.2 * this.view.perPixel));
        } else if (!stroke.slid) {
            this.act(this.view.at(event), this.reach);
        }
    }

    cancel(event) {
        this.down.delete(event.pointerId);
        this.stroke = null;
        this.state.draw([]);
    }

    wheel(event) {
        event.preventDefault();
        this.view.closer(WHEEL ** -event.deltaY, this.view.at(event));
    }
}
