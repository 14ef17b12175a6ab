/* Planner: rows that come and go, drafts that survive a reload, and word when the line is cut. */

const DRAFT_HOURS = 24;
const PREFIX = "openmeso-draft:";

const planner = () => document.getElementById("planner");
const key = () => PREFIX + planner().dataset.draft;

function words() {
    return JSON.parse(document.getElementById("planner-words").textContent);
}

function changed(element) {
    element.dispatchEvent(new Event("change", { bubbles: true }));
}

/* The form as pairs; the token is the session's own and never kept. */
function typed() {
    return [...new FormData(planner())].filter(([name]) => name !== "csrfmiddlewaretoken");
}

function keepDraft() {
    try {
        localStorage.setItem(key(), JSON.stringify({ at: Date.now(), typed: typed() }));
    } catch {
        // A full or forbidden store must not stop the planning.
    }
}

function savedDraft() {
    try {
        const draft = JSON.parse(localStorage.getItem(key()));
        return draft && Date.now() - draft.at < DRAFT_HOURS * 3600e3 ? draft : null;
    } catch {
        return null;
    }
}

function restoreDraft() {
    const draft = savedDraft();
    if (!draft || JSON.stringify(draft.typed) === JSON.stringify(typed())) {
        return;
    }
    const values = {};
    draft.typed.forEach(([name, value]) => {
        values[name] = [...(values[name] ?? []), value];
    });
    window.htmx
        .ajax("POST", window.location.pathname, {
            values,
            target: "#planner",
            select: "#planner",
            swap: "outerHTML",
        })
        .then(() => {
            document.getElementById("draft-note").hidden = false;
        });
}

function addRow(button) {
    const rows = button.closest("[data-rows]");
    const row = rows.querySelector("template").content.firstElementChild.cloneNode(true);
    button.before(row);
    row.querySelector("select, input").focus();
}

function removeRow(button) {
    const form = button.form;
    button.closest("[data-row]").remove();
    changed(form);
}

function setField({ dataset }) {
    const field = document.getElementById(dataset.setField);
    field.value = dataset.value;
    changed(field);
}

function say(text) {
    const panel = document.getElementById("panel");
    panel.querySelector("[data-trouble]")?.remove();
    const note = document.createElement("p");
    note.className = "notice notice--override";
    note.dataset.trouble = "";
    note.setAttribute("role", "alert");
    note.textContent = text;
    panel.prepend(note);
}

const deeds = [
    ["[data-add-row]", addRow],
    ["[data-remove-row]", removeRow],
    ["[data-set-field]", setField],
    [
        "[data-draft-drop]",
        () => {
            localStorage.removeItem(key());
            window.location.reload();
        },
    ],
];

document.addEventListener("click", (event) => {
    deeds.forEach(([selector, deed]) => {
        const button = event.target.closest(selector);
        if (button) {
            deed(button);
        }
    });
});

document.addEventListener("change", (event) => {
    if (event.target.closest("#planner")) {
        keepDraft();
    }
});

/* Enter computes again, as leaving the field does. */
document.addEventListener("keydown", (event) => {
    const field = event.target;
    if (event.key === "Enter" && field.matches("#planner input") && !field.closest(".map-tools")) {
        event.preventDefault();
        changed(field);
    }
});

document.addEventListener("htmx:beforeRequest", () => {
    document.getElementById("panel")?.classList.add("is-computing");
});
document.addEventListener("htmx:afterRequest", () => {
    document.getElementById("panel")?.classList.remove("is-computing");
});
document.addEventListener("htmx:sendError", () => planner() && say(words().offline));
document.addEventListener("htmx:responseError", () => planner() && say(words().failed));

/* The saved plan's page names the drafts that it has made needless. */
document.querySelectorAll("[data-saved-draft]").forEach(({ dataset }) => {
    localStorage.removeItem(PREFIX + dataset.savedDraft);
});

if (planner()) {
    restoreDraft();
}
