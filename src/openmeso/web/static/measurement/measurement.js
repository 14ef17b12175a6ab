/* Hair editor: joins view, drawing, pointer, keyboard and draft to the form that saves. */

import { distance } from "./geometry.js";
import { Draft } from "./draft.js";
import { Drawing } from "./drawing.js";
import { HairState } from "./state.js";
import { KeyboardTool } from "./keyboard.js";
import { PointerTool } from "./pointer.js";
import { View } from "./view.js";

const ZOOM = 1.5;

const data = (id) => JSON.parse(document.getElementById(id).textContent);

class HairEditor {
    constructor(root) {
        this.root = root;
        this.words = data("hair-words");
        const field = data("hair-field-data");
        this.surface = root.querySelector("[data-surface]");
        this.form = root.querySelector("[data-correct]");
        this.line = document.querySelector("[data-two-points]");
        this.status = root.querySelector("[data-say]");
        this.state = new HairState(field.hairs);
        this.view = new View(this.surface, field.width, field.height);
        this.drawing = new Drawing(this.surface);
        this.drawing.clear();
        this.draft = new Draft(root.dataset.draft);
        const say = (text) => this.say(text);
        const parts = { say, words: this.words, mayCorrect: Boolean(this.form) };
        new KeyboardTool(this.surface, this.state, this.view, parts);
        new PointerTool(this.surface, this.state, this.view, {
            act: (at, reach) => this.act(at, reach),
        });
        this.state.addEventListener("change", ({ detail }) => this.changed(detail));
        document.addEventListener("click", (event) => this.click(event));
        this.form?.addEventListener("submit", () => this.save());
        new ResizeObserver(() => this.view.show()).observe(this.surface);
        this.restore();
        this.changed("tool");
    }

    restore() {
        const kept = this.form && this.draft.kept();
        if (kept) {
            this.state.restore(kept);
            this.say(this.words.restored);
        }
    }

    changed(kind) {
        this.drawing.draw(this.state);
        this.root.dataset.using = this.state.tool;
        document.querySelectorAll("[data-tool]").forEach((button) => {
            button.setAttribute("aria-pressed", String(button.dataset.tool === this.state.tool));
        });
        this.enable("undo", this.state.past.length);
        this.enable("redo", this.state.future.length);
        if (kind === "tool") {
            this.say(this.words[this.state.tool]);
        }
        if (kind === "hairs") {
            this.draft.keep(this.state);
        }
        this.measureLine();
        this.tell();
    }

    enable(name, is) {
        const button = this.root.querySelector(`[data-do="${name}"]`);
        if (button) {
            button.disabled = !is;
        }
    }

    tell() {
        if (this.form) {
            const { now, read, touched } = this.state.balance;
            this.form.hidden = !this.state.isChanged;
            this.form.querySelector("[data-changes]").textContent = this.words.changes
                .replace("{now}", now)
                .replace("{read}", read)
                .replace("{touched}", touched);
        }
        // a draft that is not saved must not be accepted by mistake
        const accept = document.querySelector("[data-accept]");
        if (accept) {
            accept.disabled = Boolean(this.form) && this.state.isChanged;
        }
    }

    click(event) {
        const tool = event.target.closest("[data-tool]");
        const deed = event.target.closest("[data-do]");
        if (tool) {
            const same = tool.dataset.tool === this.state.tool;
            this.state.use(same ? "look" : tool.dataset.tool);
        } else if (deed && this.root.contains(deed)) {
            this.do(deed);
        }
    }

    do(button) {
        const deeds = {
            undo: () => this.state.undo(),
            redo: () => this.state.redo(),
            closer: () => this.view.closer(ZOOM),
            further: () => this.view.closer(1 / ZOOM),
            whole: () => this.view.whole(),
            bare: () => this.bare(button),
            drop: () => {
                this.draft.drop();
                this.state.reset();
            },
        };
        deeds[button.dataset.do]?.();
    }

    bare(button) {
        const is = this.root.classList.toggle("is-bare");
        button.setAttribute("aria-pressed", String(is));
    }

    /* A tap with the tool in hand. */
    act(at, reach) {
        const { state } = this;
        if (state.tool === "add") {
            this.tapPoint(at);
        } else if (state.tool === "line") {
            state.draw([...(state.pen.length > 1 ? [] : state.pen), at], null);
        } else {
            const found = state.at(at, reach);
            if (found.index < 0) {
                state.choose(-1);
            } else {
                this.use(found);
            }
        }
    }

    /* Root, then tip: a straight hair by two taps. */
    tapPoint(at) {
        const { state } = this;
        if (state.pen.length) {
            state.add([state.pen[0], at]);
        } else {
            state.draw([at], null);
        }
    }

    use({ index, place }) {
        const { state } = this;
        const deeds = {
            look: () => state.choose(index),
            delete: () => state.remove(index),
            flip: () => state.flip(index),
            split: () => state.split(index, place) || this.say(this.words.short),
            join: () => this.joinWith(index),
        };
        deeds[state.tool]?.();
    }

    joinWith(index) {
        const { state } = this;
        if (state.chosen >= 0 && state.chosen !== index) {
            state.join(state.chosen, index);
            state.choose(-1);
        } else {
            state.choose(index);
            this.say(this.words.join_second);
        }
    }

    measureLine() {
        const { tool, pen } = this.state;
        if (this.line && tool === "line" && pen.length === 2) {
            const long = distance(...pen);
            this.line.elements.length_px.value = long.toFixed(1);
            this.say(this.words.line_set.replace("{px}", long.toFixed(0)));
        }
    }

    save() {
        this.form.elements.hairs.value = this.state.toText();
        // the page that answers says whether it was saved; until then the draft stays
        sessionStorage.setItem("openmeso-hairs-sent", this.draft.key);
    }

    say(text) {
        if (text) {
            this.status.textContent = text;
        }
    }
}

/* A newer revision stands: what was sent has been saved, and its draft is done with. */
function forgetSent(root) {
    const sent = sessionStorage.getItem("openmeso-hairs-sent");
    if (sent && !sent.endsWith(root.dataset.draft)) {
        localStorage.removeItem(sent);
    }
    sessionStorage.removeItem("openmeso-hairs-sent");
}

const root = document.querySelector("[data-hair-editor]");
if (root) {
    forgetSent(root);
    new HairEditor(root);
}
