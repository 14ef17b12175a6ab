/* Map editor: joins drawing, pointer, keyboard and list to the form field that holds the zones. */

import { area, crossesItself, MM2_PER_CM2 } from "./geometry.js";
import { Drawing } from "./drawing.js";
import { KeyboardTool } from "./keyboard.js";
import { PointerTool } from "./pointer.js";
import { MapState } from "./state.js";
import { ZoneList } from "./zone_list.js";

const SETTLE_MS = 350;

function data(id, otherwise) {
    const element = document.getElementById(id);
    return element ? JSON.parse(element.textContent) : otherwise;
}

class MapEditor {
    constructor(root) {
        this.root = root;
        this.words = data("map-words", {});
        this.presets = data("map-presets", {});
        this.views = new Map(data("map-views", []).map((view) => [view.id, view]));
        this.field = document.getElementById(root.dataset.field);
        this.preset = document.getElementById(root.dataset.preset);
        this.surface = root.querySelector("[data-surface]");
        this.status = root.querySelector("[data-say]");
        const zones = this.read();
        this.state = new MapState(zones, zones[0]?.view ?? [...this.views.keys()][0]);
        this.computed = data("map-points", { views: {}, zones: [] });
        this.computedFor = this.field.value;
        this.build();
        this.state.addEventListener("change", ({ detail }) => this.changed(detail));
        this.open();
        root.classList.add("is-live");
        this.draw();
    }

    read() {
        try {
            const zones = JSON.parse(this.field.value || "[]");
            return zones.map((zone) => ({ exclusions: [], ...zone }));
        } catch {
            return [];
        }
    }

    build() {
        const { state, words } = this;
        const say = (text) => this.say(text);
        const drawing = () => this.drawing;
        const size = this.root.querySelector("[data-spot-radius]");
        const radius = () => Math.max(1, Number(size.value) || 5);
        const parts = { drawing, say, words, radius };
        this.pointer = new PointerTool(this.surface, state, parts);
        this.keyboard = new KeyboardTool(this.surface, state, { ...parts, pointer: this.pointer });
        this.list = new ZoneList(
            this.root.querySelector("[data-zone-list]"),
            this.root.querySelector("template"),
            state,
            { words, views: this.views, areaCm2: (zone) => this.areaCm2(zone) },
        );
        this.root.addEventListener("click", (event) => this.click(event));
        size.addEventListener("change", () => this.resizeSpot(radius()));
        this.preset?.addEventListener("change", () => this.usePreset());
        this.field.addEventListener("change", () => this.reload());
        document.addEventListener("htmx:beforeRequest", () => {
            this.sent = this.field.value;
        });
        document.addEventListener("htmx:afterSettle", () => this.receive());
        new ResizeObserver(() => this.draw()).observe(this.surface);
        this.thumbs = [...this.root.querySelectorAll("[data-view]")].map((tab) => ({
            tab,
            drawing: new Drawing(tab.querySelector("svg"), this.views.get(tab.dataset.view), {
                words,
            }),
        }));
        this.root.querySelector("[role=tablist]")?.addEventListener("keydown", (event) => {
            this.turn(event);
        });
    }

    areaCm2(zone) {
        const scale = this.views.get(zone.view)?.scale ?? 1;
        return (area(zone.polygon) * scale ** 2) / MM2_PER_CM2;
    }

    open() {
        const view = this.views.get(this.state.view);
        this.drawing = new Drawing(this.surface, view, {
            words: this.words,
            live: true,
        });
        this.surface.setAttribute(
            "aria-label",
            this.words.surface.replace("{view}", view.name),
        );
    }

    changed(kind) {
        if (this.drawing.view.id !== this.state.view) {
            const focused = this.surface.contains(document.activeElement);
            this.open();
            if (focused) {
                this.surface.focus({ preventScroll: true });
            }
        }
        this.draw();
        if (kind === "zones") {
            this.write();
        }
    }

    draw() {
        const { state } = this;
        const fresh = this.field.value === this.computedFor;
        const points = (view) => (fresh ? this.computed.views[view] : []);
        this.drawing.draw(state, points(state.view));
        this.thumbs.forEach(({ tab, drawing }) => {
            const here = tab.dataset.view === state.view;
            tab.setAttribute("aria-selected", String(here));
            tab.tabIndex = here ? 0 : -1;
            drawing.draw(state, points(tab.dataset.view));
        });
        this.list.draw(fresh ? this.computed.zones : []);
        this.tools();
    }

    tools() {
        const { state } = this;
        const can = {
            undo: state.past.length > 0,
            redo: state.future.length > 0,
            delete: Boolean(state.chosen),
            finish: state.draft.length > 2 && !state.freehand,
        };
        this.root.dataset.tool = state.tool;
        this.root.querySelectorAll("[data-tool-button]").forEach((button) => {
            button.setAttribute("aria-pressed", String(button.dataset.toolButton === state.tool));
        });
        this.root.querySelectorAll(".map-tools [data-do]").forEach((button) => {
            button.disabled = can[button.dataset.do] === false;
        });
        const size = this.root.querySelector("[data-spot-radius]");
        if (state.spot >= 0 && document.activeElement !== size) {
            size.value = state.chosen.exclusions[state.spot].radius_mm;
        }
    }

    /* The field is what is sent; its change event is what makes the plan be computed again. */
    write() {
        window.clearTimeout(this.later);
        this.later = window.setTimeout(() => {
            const text = JSON.stringify(this.state.zones);
            if (text !== this.field.value) {
                this.writing = true;
                this.field.value = text;
                this.field.dispatchEvent(new Event("change", { bubbles: true }));
                this.writing = false;
            }
            this.draw();
            this.announce();
        }, SETTLE_MS);
    }

    /* Somebody else (a way out, a draft, a person in the text box) wrote the field. */
    reload() {
        if (!this.writing) {
            this.state.choose(-1);
            this.state.commit(this.read());
        }
    }

    receive() {
        const text = document.getElementById("map-points")?.textContent;
        if (!this.root.isConnected || !text || text === this.received) {
            return;
        }
        this.received = text;
        this.computed = JSON.parse(text);
        this.computedFor = this.sent ?? this.field.value;
        if (this.computed.replace) {
            // A way out has redrawn the zones: they were computed as they now stand.
            this.field.value = this.computed.replace;
            this.computedFor = this.field.value;
            this.state.commit(this.read());
        }
        this.draw();
    }

    usePreset() {
        const preset = this.presets[this.preset.value];
        if (preset) {
            const zones = JSON.parse(preset);
            this.state.choose(-1);
            this.state.view = zones[0]?.view ?? this.state.view;
            this.state.commit(zones);
        }
    }

    resizeSpot(radius) {
        const { state } = this;
        if (state.spot >= 0) {
            state.commit(state.withSpot(state.zone, state.spot, { radius_mm: radius }));
        }
    }

    click(event) {
        const button = event.target.closest("button");
        if (!button) {
            return;
        }
        const { state } = this;
        if (button.dataset.toolButton) {
            state.use(button.dataset.toolButton);
            this.say(this.words[`tool_${state.tool}`]);
            this.surface.focus({ preventScroll: true });
        } else if (button.dataset.view) {
            state.show(button.dataset.view);
        } else if (button.closest(".map-tools")) {
            this.does(button);
        }
    }

    does({ dataset }) {
        const { state } = this;
        const deeds = {
            undo: () => state.undo(),
            redo: () => state.redo(),
            finish: () => this.pointer.finish(),
            delete: () => {
                if (!state.deleteChosen()) {
                    this.say(this.words.threeCorners);
                }
            },
        };
        deeds[dataset.do]?.();
    }

    turn(event) {
        const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
        if (!step) {
            return;
        }
        const here = this.thumbs.findIndex(({ tab }) => tab.dataset.view === this.state.view);
        const { tab } = this.thumbs[(here + step + this.thumbs.length) % this.thumbs.length];
        this.state.show(tab.dataset.view);
        tab.focus();
        event.preventDefault();
    }

    announce() {
        const zone = this.state.chosen;
        if (!zone) {
            return;
        }
        const words = crossesItself(zone.polygon) ? this.words.crossing : this.words.zone;
        this.say(
            words
                .replace("{name}", zone.name)
                .replace("{area}", this.areaCm2(zone).toFixed(1))
                .replace("{corners}", zone.polygon.length),
        );
    }

    say(text) {
        this.status.textContent = text ?? "";
    }
}

function start() {
    document.querySelectorAll("[data-map-editor]:not(.is-live)").forEach((root) => {
        new MapEditor(root);
    });
}

start();
document.addEventListener("htmx:afterSettle", start);
