/* Ruler: two points on a picture that never leaves this device give a length in pixels. */

import { View } from "../measurement/view.js";

const SVG = "http://www.w3.org/2000/svg";
const GRIP = 22; // pixels of the screen: half a fingertip
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const FAR = 10;

const box = document.querySelector("[data-ruler]");
const stage = box.querySelector("[data-ruler-stage]");
const surface = box.querySelector("[data-ruler-surface]");
const pen = box.querySelector("[data-ruler-pen]");
const say = box.querySelector("[data-ruler-say]");
const form = box.closest("form");
let view;
let points = [];
let held = null;

function tell(name, words = {}) {
    let text = say.dataset[`words${name}`];
    for (const [key, value] of Object.entries(words)) {
        text = text.replace(`{${key}}`, value);
    }
    say.textContent = text;
}

function drawn(name, attributes) {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) {
        made.setAttribute(key, value);
    }
    return made;
}

function point([x, y], n) {
    const r = GRIP * view.perPixel;
    const name = say.dataset.wordsPoint.replace("{n}", n + 1);
    const made = drawn("g", { tabindex: 0, role: "button", "aria-label": name, "data-n": n });
    made.append(
        drawn("circle", { class: "ruler__point", cx: x, cy: y, r }),
        drawn("path", { class: "ruler__line", d: `M${x - r / 3} ${y}h${(2 * r) / 3}M${x} ${y - r / 3}v${(2 * r) / 3}` }),
    );
    return made;
}

function show() {
    const focused = pen.contains(document.activeElement) ? document.activeElement.dataset.n : null;
    const lines = points.length === 2
        ? [drawn("path", { class: "ruler__line", d: `M${points[0].join(" ")}L${points[1].join(" ")}` })]
        : [];
    pen.replaceChildren(...lines, ...points.map(point));
    if (focused !== null) {
        pen.querySelector(`[data-n="${focused}"]`)?.focus();
    }
    if (points.length < 2) {
        tell(points.length ? "Second" : "First");
        return;
    }
    const [[ax, ay], [bx, by]] = points;
    const px = Math.hypot(bx - ax, by - ay).toFixed(1);
    form.elements.length_px.value = px;
    tell("Set", { px });
}

function nearest(at) {
    const far = points.map(([x, y]) => Math.hypot(x - at[0], y - at[1]));
    const n = far.indexOf(Math.min(...far));
    return far[n] <= GRIP * view.perPixel ? n : null;
}

surface.addEventListener("pointerdown", (event) => {
    surface.setPointerCapture(event.pointerId);
    const at = view.at(event);
    held = points.length ? nearest(at) : null;
    if (held === null) {
        points = points.length === 2 ? [at] : [...points, at];
        held = points.length - 1;
    }
    show();
});
surface.addEventListener("pointermove", (event) => {
    if (held !== null) {
        points[held] = view.at(event);
        show();
    }
});
for (const end of ["pointerup", "pointercancel"]) {
    surface.addEventListener(end, () => {
        held = null;
    });
}
surface.addEventListener("wheel", (event) => {
    event.preventDefault();
    view.closer(1.0015 ** -event.deltaY, view.at(event));
    show();
}, { passive: false });
surface.addEventListener("keydown", (event) => {
    if (event.key === "+" || event.key === "-") {
        view.closer(event.key === "+" ? 2 : 0.5);
        show();
        return;
    }
    const step = ARROWS[event.key];
    if (!step) {
        if (event.key === "Enter" && event.target === surface && points.length < 2) {
            points.push(view.middle);
            show();
            pen.querySelector(`[data-n="${points.length - 1}"]`).focus();
            event.preventDefault();
        }
        return;
    }
    event.preventDefault();
    const times = event.shiftKey ? FAR : 1;
    const n = event.target.closest("[data-n]")?.dataset.n;
    if (n === undefined) {
        view.move(40 * step[0] * view.perPixel, 40 * step[1] * view.perPixel);
    } else {
        points[n] = points[n].map((one, axis) => one + step[axis] * times);
        view.reveal(points[n]);
    }
    show();
});

for (const button of box.querySelectorAll("[data-ruler-zoom]")) {
    button.addEventListener("click", () => {
        const [from, to] = [points[0] ?? view.middle, points[1] ?? points[0] ?? view.middle];
        view.closer(Number(button.dataset.rulerZoom), held === null && points.length ? to : from);
        show();
    });
}

box.querySelector("input[type=file]").addEventListener("change", ({ target }) => {
    const [file] = target.files;
    if (!file) {
        return;
    }
    const reader = new FileReader();
    reader.addEventListener("load", () => open(reader.result));
    reader.readAsDataURL(file);
});

function open(address) {
    const picture = new Image();
    picture.addEventListener("error", () => {
        stage.hidden = true;
        tell("Unread");
    });
    picture.addEventListener("load", () => {
        const { naturalWidth: width, naturalHeight: height } = picture;
        const image = surface.querySelector("image");
        for (const [key, value] of Object.entries({ href: address, width, height })) {
            image.setAttribute(key, value);
        }
        stage.hidden = false;
        points = [];
        view = new View(surface, width, height);
        form.elements.picture_width_px.value = width;
        show();
    });
    picture.src = address;
}

box.hidden = false;
