// An assessment being typed survives a session that ends and a tablet that sleeps: it is kept on
// this device until it is saved, for a day at most, and goes when somebody signs out.
(function () {
    "use strict";

    const PREFIX = "openmeso-assessment:";
    const SESSION = "openmeso-session:"; // kept by session/store.js
    const HAIRS = "openmeso-hairs:"; // kept by measurement/draft.js
    const HOURS = 24;

    function drafts(prefix) {
        try {
            return Object.keys(localStorage).filter((key) => key.startsWith(prefix));
        } catch {
            return [];
        }
    }

    function read(key) {
        try {
            const draft = JSON.parse(localStorage.getItem(key));
            return draft && Date.now() - draft.at < HOURS * 3600e3 ? draft : null;
        } catch {
            return null;
        }
    }

    drafts(PREFIX)
        .filter((key) => !read(key))
        .forEach((key) => localStorage.removeItem(key));

    document.addEventListener("submit", (event) => {
        if (event.target.matches("[data-sign-out]")) {
            [PREFIX, SESSION, HAIRS]
                .flatMap(drafts)
                .forEach((key) => localStorage.removeItem(key));
        }
    });

    // A newer assessment stands: whatever was typed on top of an older one has been saved.
    const bar = document.querySelector("[data-assessed]");
    if (bar) {
        const whose = PREFIX + bar.dataset.assessed.replace(/[^:]*$/, "");
        drafts(PREFIX)
            .filter((key) => key.startsWith(whose) && key !== PREFIX + bar.dataset.assessed)
            .forEach((key) => localStorage.removeItem(key));
    }

    const form = document.querySelector("form[data-draft]");
    if (!form) {
        return;
    }
    const key = PREFIX + form.dataset.draft;
    const note = document.getElementById("draft-note");

    // the token is the session's own and never kept
    const typed = () => [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken");

    function fill(pairs) {
        const values = {};
        pairs.forEach(([name, value]) => {
            values[name] = [...(values[name] ?? []), value];
        });
        [...form.elements].forEach((field) => {
            if (!field.name || field.type === "submit" || field.name === "csrfmiddlewaretoken") {
                return;
            }
            const given = values[field.name] ?? [];
            if (field.type === "radio" || field.type === "checkbox") {
                field.checked = given.includes(field.value);
            } else if (given.length) {
                [field.value] = given;
            }
        });
        form.querySelectorAll("details").forEach((more) => {
            more.open = more.open || Boolean(more.querySelector("input:checked"));
        });
    }

    function keep() {
        try {
            localStorage.setItem(key, JSON.stringify({ at: Date.now(), typed: typed() }));
        } catch {
            // A full or forbidden store must not stop the assessment.
        }
    }

    function restore() {
        const draft = read(key);
        if (!draft || JSON.stringify(draft.typed) === JSON.stringify(typed())) {
            return;
        }
        const before = form.elements.indication.value;
        fill(draft.typed);
        note.hidden = false;
        if (form.elements.indication.value !== before) {
            // its scales come from the server, and then what was typed on them
            form.addEventListener("htmx:afterSettle", () => fill(draft.typed), { once: true });
            form.elements.indication.dispatchEvent(new Event("change", { bubbles: true }));
        }
    }

    // a page that answers a refused form already holds what was typed
    if ("draftFresh" in form.dataset) {
        // by then htmx listens for the change of the indication
        window.addEventListener("load", restore);
    }
    form.addEventListener("input", keep);
    form.addEventListener("change", keep);
    form.addEventListener("htmx:afterSettle", keep);
    note.querySelector("button").addEventListener("click", () => {
        localStorage.removeItem(key);
        window.location.reload();
    });
})();
