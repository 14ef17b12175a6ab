/* The field to sign in: strokes of finger, pen or mouse, kept in units of the pad (1000 × 400). */
const WIDTH = 1000;
const HEIGHT = 400;
const INK = "#14232b";
const LEAST_STEP = 2;

function start(form) {
    const box = form.querySelector("[data-pad]");
    const pad = box.querySelector("canvas");
    const field = form.elements.strokes;
    const ink = pad.getContext("2d");
    const strokes = read(field.value);
    let stroke = null;

    const place = (event) => {
        const edge = pad.getBoundingClientRect();
        const within = (value, most) => Math.round(10 * Math.min(most, Math.max(0, value))) / 10;
        return [
            within(((event.clientX - edge.left) / edge.width) * WIDTH, WIDTH),
            within(((event.clientY - edge.top) / edge.height) * HEIGHT, HEIGHT),
        ];
    };
    const draw = () => {
        ink.clearRect(0, 0, WIDTH, HEIGHT);
        ink.strokeStyle = INK;
        ink.lineWidth = 5;
        ink.lineCap = ink.lineJoin = "round";
        for (const one of strokes) {
            ink.beginPath();
            one.forEach(([x, y], index) => (index ? ink.lineTo(x, y) : ink.moveTo(x, y)));
            ink.stroke();
        }
    };
    const keep = () => {
        field.value = strokes.length ? JSON.stringify(strokes) : "";
    };

    pad.addEventListener("pointerdown", (event) => {
        if (stroke || !event.isPrimary) return;
        pad.setPointerCapture(event.pointerId);
        stroke = [place(event)];
        strokes.push(stroke);
        event.preventDefault();
    });
    pad.addEventListener("pointermove", (event) => {
        if (!stroke || !event.isPrimary) return;
        const [x, y] = place(event);
        const [lastX, lastY] = stroke[stroke.length - 1];
        if (Math.hypot(x - lastX, y - lastY) < LEAST_STEP) return;
        stroke.push([x, y]);
        draw();
    });
    for (const end of ["pointerup", "pointercancel"]) {
        pad.addEventListener(end, () => {
            stroke = null;
            keep();
        });
    }
    form.querySelector("[data-clear]").addEventListener("click", () => {
        strokes.length = 0;
        draw();
        keep();
    });

    const choose = () => {
        const drawn = form.elements.method.value === "drawn";
        box.hidden = !drawn;
        form.querySelector("[data-typed]").hidden = drawn;
    };
    for (const one of form.elements.method) one.addEventListener("change", choose);
    choose();
    draw();
}

function read(text) {
    try {
        return text ? JSON.parse(text) : [];
    } catch {
        return [];
    }
}

for (const form of document.querySelectorAll("[data-sign]")) start(form);
