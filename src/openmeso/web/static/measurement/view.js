/* View: which part of the picture is seen; zoom and move without leaving it. */

const CLOSEST = 12;

export class View {
    constructor(surface, width, height) {
        Object.assign(this, { surface, width, height });
        this.whole();
    }

    whole() {
        this.x = 0;
        this.y = 0;
        this.zoom = 1;
        this.show();
    }

    show() {
        const wide = this.width / this.zoom;
        const high = this.height / this.zoom;
        this.x = Math.min(Math.max(0, this.x), this.width - wide);
        this.y = Math.min(Math.max(0, this.y), this.height - high);
        this.surface.setAttribute("viewBox", `${this.x} ${this.y} ${wide} ${high}`);
        this.surface.style.setProperty("--px", `${this.perPixel}`);
    }

    /* Pixels of the picture under one pixel of the screen. */
    get perPixel() {
        const { width } = this.surface.getBoundingClientRect();
        return this.width / this.zoom / (width || 1);
    }

    at({ clientX, clientY }) {
        const box = this.surface.getBoundingClientRect();
        return [
            this.x + (clientX - box.left) * this.perPixel,
            this.y + (clientY - box.top) * this.perPixel,
        ];
    }

    /* Zoom by a factor so that a place of the picture stays where it is. */
    closer(factor, [px, py] = this.middle) {
        const zoom = Math.min(CLOSEST, Math.max(1, this.zoom * factor));
        const share = this.zoom / zoom;
        this.x = px - (px - this.x) * share;
        this.y = py - (py - this.y) * share;
        this.zoom = zoom;
        this.show();
    }

    move(dx, dy) {
        this.x += dx;
        this.y += dy;
        this.show();
    }

    get middle() {
        return [this.x + this.width / this.zoom / 2, this.y + this.height / this.zoom / 2];
    }

    /* Bring a place into sight. */
    reveal([px, py]) {
        const wide = this.width / this.zoom;
        const high = this.height / this.zoom;
        if (px < this.x || px > this.x + wide || py < this.y || py > this.y + high) {
            this.x = px - wide / 2;
            this.y = py - high / 2;
            this.show();
        }
    }
}
