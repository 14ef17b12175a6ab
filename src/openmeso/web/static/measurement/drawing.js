/* Drawing: hairs, roots and pen as SVG over the picture. */

const SVG = "http://www.w3.org/2000/svg";

function element(name, attributes) {
    const made = document.createElementNS(SVG, name);
    Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
    return made;
}

const line = (path) => `M${path.map(([x, y]) => `${x} ${y}`).join("L")}`;

export class Drawing {
    constructor(surface) {
        this.hairs = surface.querySelector("[data-hairs]");
        this.pen = surface.querySelector("[data-pen]");
        this.drawn = new Map();
    }

    draw(state) {
        const wanted = new Set(state.hairs);
        this.drawn.forEach((group, hair) => {
            if (!wanted.has(hair)) {
                group.remove();
                this.drawn.delete(hair);
            }
        });
        state.hairs.forEach((hair, index) => {
            const group = this.drawn.get(hair) ?? this.hair(hair);
            group.classList.toggle("is-chosen", index === state.chosen);
        });
        this.drawPen(state);
    }

    hair(hair) {
        const group = element("g", {});
        const [x, y] = hair.path[0];
        group.append(
            element("path", { class: `hair hair--${hair.kind}`, d: line(hair.path) }),
            element("circle", { class: "root", cx: x, cy: y, r: 5 }),
        );
        this.hairs.append(group);
        this.drawn.set(hair, group);
        return group;
    }

    drawPen({ pen, cursor }) {
        const parts = [];
        if (pen.length > 1) {
            parts.push(element("path", { class: "hair hair--pen", d: line(pen) }));
        }
        pen.forEach(([cx, cy], n) => {
            if (n === 0 || n === pen.length - 1) {
                parts.push(element("circle", { class: "root root--pen", cx, cy, r: 5 }));
            }
        });
        if (cursor) {
            const [x, y] = cursor;
            const d = `M${x - 14} ${y}H${x + 14}M${x} ${y - 14}V${y + 14}`;
            parts.push(element("path", { class: "pen-cross", d }));
        }
        this.pen.replaceChildren(...parts);
    }

    /* Before the first draw: what the server has drawn makes room. */
    clear() {
        this.hairs.replaceChildren();
    }
}
