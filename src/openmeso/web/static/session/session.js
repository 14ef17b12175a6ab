/* The session at the chair: what is typed is kept here and there, whatever becomes of the line. */

import * as keeping from "./keeping.js";
import { Points } from "./points.js";
import { Sender } from "./sender.js";
import { DeviceStore } from "./store.js";
import { Timer } from "./timer.js";

const form = document.getElementById("chair");
const show = (id, shown) => {
    document.getElementById(id).hidden = !shown;
};

if (form) {
    const store = new DeviceStore(form.dataset.session, form.dataset.key);
    const sender = new Sender(form, store);
    const points = new Points(form.querySelector("[data-map]"), form.elements.exceptions, form);
    const timer = new Timer(document.getElementById("timer"), form);
    const state = document.getElementById("save-state");

    document.addEventListener("submit", (event) => {
        if (event.target.matches("[data-sign-out]")) {
            store.close();
        }
    });

    const say = (kind, words) => {
        state.dataset.state = kind;
        state.textContent = words;
    };
    const fire = (field) => field.dispatchEvent(new Event("change", { bubbles: true }));

    function fill(pairs) {
        const values = {};
        pairs.forEach(([name, value]) => {
            values[name] = [...(values[name] ?? []), value];
        });
        [...form.elements].forEach((field) => {
            if (!field.name || ["csrfmiddlewaretoken", "proof", "version", "client_token"].includes(field.name)) {
                return;
            }
            const given = values[field.name] ?? [];
            if (field.type === "radio" || field.type === "checkbox") {
                field.checked = given.includes(field.value);
            } else if (field.type !== "submit" && field.type !== "button") {
                field.value = given[0] ?? "";
            }
        });
        points.render();
        timer.render();
    }

    /* What the device holds and the server lacks comes back; where both moved on, it is told. */
    async function restore() {
        const held = await store.read();
        if (form.dataset.kept) {
            fromDevice(JSON.parse(form.dataset.kept), held);
            return;
        }
        keeping.stands();
        if (!held || JSON.stringify(held.typed) === JSON.stringify(sender.typed())) {
            await store.forget();
            return;
        }
        const follows = held.base === sender.version || (held.token && held.token === form.dataset.token);
        if (follows) {
            fill(held.typed);
            show("restored", true);
            sender.changed();
            return;
        }
        const theirs = sender.version;
        fill(held.typed);
        sender.stopped = true;
        conflict({ version: theirs, by: form.dataset.savedBy, at: form.dataset.savedAt });
    }

    /* Opened without a connection: what the server took last, and what it may lack on top of that. */
    function fromDevice(kept, held) {
        const place = document.querySelector("#from-device [data-until]");
        place.textContent = `${place.dataset.words} ${new Date(kept.until).toLocaleTimeString([], { timeStyle: "short" })}.`;
        show("from-device", true);
        show("restored", Boolean(held));
        sender.version = Math.max(kept.version ?? sender.version, held?.base ?? 0);
        if (held?.token) {
            sender.pending = { token: held.token, typed: held.typed };
        }
        if (held || kept.typed) {
            fill(held?.typed ?? kept.typed);
        }
        sender.changed();
    }

    function conflict(said) {
        show("conflict", true);
        const banner = document.getElementById("conflict");
        const at = said.at ? new Date(said.at).toLocaleTimeString([], { timeStyle: "short" }) : "";
        banner.querySelector("[data-who]").textContent = [said.by, at].filter(Boolean).join(", ");
        banner.dataset.version = said.version;
        banner.scrollIntoView({ block: "center" });
    }

    function online() {
        show("offline", false);
        document.querySelector(".chair__aside").classList.remove("is-stale");
    }

    sender.addEventListener("typed", () => say("typed", state.dataset.kept));
    sender.addEventListener("saving", () => say("saving", state.dataset.saving));
    sender.addEventListener("saved", ({ detail }) => {
        online();
        show("from-device", false);
        keeping.saved(sender.version, detail.typed);
        say("saved", `${state.dataset.saved} ${new Date().toLocaleTimeString([], { timeStyle: "short" })}`);
        const findings = document.getElementById("findings");
        if (findings.dataset.key !== detail.findings_key) {
            findings.dataset.key = detail.findings_key;
            findings.innerHTML = detail.findings;
        }
        document.getElementById("tally").innerHTML = detail.tally;
        form.querySelectorAll(".field--wrong").forEach((field) => field.classList.remove("field--wrong"));
    });
    sender.addEventListener("offline", () => {
        const words = document.querySelector("#offline p");
        words.textContent = store.usable ? words.dataset.wordsOffline : words.dataset.wordsBare;
        show("offline", true);
        say("kept", store.usable ? state.dataset.kept : "");
        document.querySelector(".chair__aside").classList.add("is-stale");
    });
    sender.addEventListener("signed-out", () => {
        show("signed-out", true);
        keeping.drop();
        say("kept", store.usable ? state.dataset.kept : "");
    });
    sender.addEventListener("fixed", () => window.location.reload());
    sender.addEventListener("conflict", ({ detail }) => conflict(detail));
    sender.addEventListener("refused", ({ detail }) => {
        say("refused", state.dataset.refused);
        Object.keys(detail.errors ?? {}).forEach((name) => {
            form.elements[name]?.closest?.(".field")?.classList.add("field--wrong");
        });
    });

    form.addEventListener("input", () => sender.changed());
    form.addEventListener("change", (event) => {
        if (event.target.matches("[data-zone]")) {
            points.render();
        }
        if (event.target.matches("[data-reaction]") && event.target.checked) {
            form.querySelector('[name="reactions_seen"][value="yes"]').checked = true;
        }
        if (event.target.matches('[name="reactions_seen"][value="no"]')) {
            form.querySelectorAll("[data-reaction]").forEach((box) => {
                box.checked = false;
            });
        }
        sender.changed();
    });

    document.querySelector("[data-first-lots]")?.addEventListener("click", () => {
        form.querySelectorAll("[data-product]").forEach((line) => {
            const lot = line.querySelector("select");
            if (!lot.value && lot.options.length > 1) {
                lot.selectedIndex = 1;
                fire(lot);
            }
        });
    });
    document.querySelector("[data-all-zones]").addEventListener("click", () => {
        form.querySelectorAll("[data-zone][type=checkbox]").forEach((box) => {
            box.checked = true;
        });
        timer.stop();
        points.render();
        sender.changed();
    });

    const scan = document.getElementById("scan-form");
    scan.addEventListener("submit", async (event) => {
        event.preventDefault();
        const field = document.getElementById("scan");
        const refusal = document.getElementById("scan-refusal");
        const address = `${scan.dataset.scanUrl}?${new URLSearchParams({ code: field.value })}`;
        const answer = await fetch(address, { headers: { Accept: "application/json" } }).catch(() => null);
        const said = answer ? await answer.json().catch(() => ({})) : {};
        refusal.hidden = Boolean(answer?.ok);
        refusal.textContent = said.refusal ?? document.querySelector("#offline p").dataset.wordsOffline;
        if (answer?.ok) {
            const lots = [...form.querySelectorAll(`[data-product="${said.product}"] select`)];
            const place = lots.find((lot) => lot.value === said.lot) ?? lots.find((lot) => !lot.value) ?? lots[0];
            place.closest("details")?.setAttribute("open", "");
            place.value = said.lot;
            fire(place);
        }
        field.value = "";
        field.focus();
    });

    const banner = document.getElementById("conflict");
    banner.querySelector("[data-keep-mine]").addEventListener("click", () => {
        show("conflict", false);
        sender.keepMine(+banner.dataset.version || sender.version);
    });
    banner.querySelector("[data-take-theirs]").addEventListener("click", async () => {
        await store.forget();
        window.location.assign(window.location.pathname);
    });

    form.addEventListener("submit", async (event) => {
        event.preventDefault();
        const signing = event.submitter?.matches("[data-sign]");
        if (!signing) {
            sender.changed();
            await sender.send();
            return;
        }
        event.submitter.disabled = true;
        sender.dirty = true;
        const sent = await sender.send();
        event.submitter.disabled = false;
        if (sent) {
            form.elements.version.value = sender.version;
            form.elements.client_token.value = crypto.randomUUID?.() ?? String(Math.random());
            form.action = event.submitter.formAction;
            form.submit();
        }
    });
    document.querySelector("[data-forget]")?.addEventListener("submit", () => store.forget());

    // a page that answers a refused form already holds what was typed
    if ("fresh" in form.dataset) {
        restore();
    }
}
