/* The points on the map: touched, they are skipped, moved or given another dose. */

const NEAR = 8; // how many radii from a point still mean it

export class Points {
    constructor(root, hidden, form) {
        Object.assign(this, { root, hidden, form, tool: "skip", moving: null });
        this.dots = [...root.querySelectorAll(".dot")];
        this.home = new Map(this.dots.map((dot) => [dot, [+dot.getAttribute("cx"), +dot.getAttribute("cy")]]));
        root.addEventListener("click", (event) => this.clicked(event));
        this.render();
    }

    get exceptions() {
        try {
            return JSON.parse(this.hidden.value || "[]");
        } catch {
            return [];
        }
    }

    set exceptions(list) {
        this.hidden.value = JSON.stringify(list.sort((a, b) => a.number - b.number));
        this.render();
        this.hidden.dispatchEvent(new Event("input", { bubbles: true }));
    }

    clicked(event) {
        const tool = event.target.closest("[data-tool]");
        if (tool) {
            this.use(tool.dataset.tool);
        } else if (event.target.closest("[data-points-clear]")) {
            this.exceptions = [];
        } else if (event.target.closest("[data-point-apply]")) {
            const number = +this.root.querySelector("#point-no").value;
            const dot = this.dots.find((each) => +each.dataset.n === number);
            if (dot) {
                this.touch(dot);
            }
        } else if (event.target.closest("[data-view]")) {
            this.onMap(event.target.closest("[data-view]"), event);
        }
    }

    use(tool) {
        this.tool = tool;
        this.moving = null;
        this.root.querySelectorAll("[data-tool]").forEach((button) => {
            button.setAttribute("aria-pressed", String(button.dataset.tool === tool));
        });
        this.root.querySelectorAll("[data-map-help]").forEach((help) => {
            help.hidden = help.dataset.mapHelp !== tool;
        });
        this.render();
    }

    onMap(svg, event) {
        const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
        if (this.moving) {
            const scale = +svg.dataset.scale;
            const round = (value) => Math.round(value * scale * 100) / 100;
            const dot = this.moving;
            this.moving = null;
            if (svg.contains(dot)) {
                this.put(dot, { state: "moved", x_mm: round(at.x), y_mm: round(at.y) });
            }
            return;
        }
        const dot = this.nearest(svg, at);
        if (dot) {
            this.touch(dot);
        }
    }

    nearest(svg, at) {
        let best = null;
        let least = Infinity;
        svg.querySelectorAll(".dot").forEach((dot) => {
            const far = Math.hypot(dot.getAttribute("cx") - at.x, dot.getAttribute("cy") - at.y);
            if (far < least && far < NEAR * dot.getAttribute("r")) {
                [best, least] = [dot, far];
            }
        });
        return best;
    }

    touch(dot) {
        if (this.tool === "move") {
            this.moving = dot;
            this.render();
            return;
        }
        const held = this.exceptions.find((each) => each.number === +dot.dataset.n);
        if (this.tool === "skip") {
            this.put(dot, held?.state === "skipped" ? null : { state: "skipped" });
            return;
        }
        const value = (id) => (this.root.querySelector(id).value === "" ? null : +this.root.querySelector(id).value);
        const dose = { volume_ml: value("#other-ml"), depth_mm: value("#other-mm") };
        const nothing = dose.volume_ml === null && dose.depth_mm === null;
        this.put(dot, nothing ? null : { state: held?.state === "moved" ? "moved" : "given", ...dose });
    }

    put(dot, change) {
        const number = +dot.dataset.n;
        const held = this.exceptions.find((each) => each.number === number);
        const others = this.exceptions.filter((each) => each.number !== number);
        const empty = { number, state: "given", x_mm: null, y_mm: null, volume_ml: null, depth_mm: null };
        const before = change?.state === "skipped" ? empty : { ...empty, ...held };
        this.exceptions = change ? [...others, { ...before, ...change }] : others;
    }

    render() {
        const held = new Map(this.exceptions.map((each) => [each.number, each]));
        const given = new Set(
            [...this.form.querySelectorAll("[data-zone]:checked")].map((box) => box.dataset.zone),
        );
        this.dots.forEach((dot) => {
            const other = held.get(+dot.dataset.n);
            const scale = +dot.ownerSVGElement.dataset.scale;
            const [x, y] = this.home.get(dot);
            const isMoved = other?.state === "moved" && other.x_mm !== null;
            dot.setAttribute("cx", isMoved ? other.x_mm / scale : x);
            dot.setAttribute("cy", isMoved ? other.y_mm / scale : y);
            dot.classList.toggle("dot--given", given.has(dot.dataset.zone));
            dot.classList.toggle("dot--skipped", other?.state === "skipped");
            dot.classList.toggle("dot--moved", isMoved);
            dot.classList.toggle("dot--dose", Boolean(other && (other.volume_ml !== null || other.depth_mm !== null)));
            dot.classList.toggle("dot--chosen", dot === this.moving);
        });
        const words = this.root.querySelector("#exceptions-words");
        words.textContent = held.size
            ? `${held.size} ${words.dataset.some}: ${[...held.keys()].slice(0, 12).join(", ")}${held.size > 12 ? " …" : ""}`
            : words.dataset.none;
    }
}
