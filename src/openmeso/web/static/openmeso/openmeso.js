// What scripts add to pages that already work without them.
(function () {
    "use strict";

    // A source chip opens over the page instead of leading away from it.
    document.addEventListener("click", (event) => {
        const chip = event.target.closest("a[data-source]");
        const sheet = document.getElementById("source-sheet");
        if (!chip || !sheet || !window.htmx || event.ctrlKey || event.metaKey || event.shiftKey) {
            return;
        }
        event.preventDefault();
        window.htmx.ajax("GET", chip.href, { target: "#source-sheet-body", swap: "innerHTML" }).then(() => {
            if (!sheet.open) {
                sheet.showModal();
            }
        });
    });

    // What takes seconds is asked for once, and the button says that it is at work.
    document.addEventListener("submit", (event) => {
        const { target: form, submitter } = event;
        if (!form.matches("[data-slow]")) {
            return;
        }
        if (form.hasAttribute("aria-busy")) {
            event.preventDefault();
            return;
        }
        form.setAttribute("aria-busy", "true");
        (submitter || form.querySelector("[type=submit]")).classList.add("is-busy");
    });
    window.addEventListener("pageshow", () => {
        document.querySelectorAll("form[data-slow][aria-busy]").forEach((form) => {
            form.removeAttribute("aria-busy");
            form.querySelector(".is-busy").classList.remove("is-busy");
        });
    });

    // A tap beside the sheet, or beside an open menu, closes it.
    document.addEventListener("click", (event) => {
        if (event.target.id === "source-sheet") {
            event.target.close();
        }
        document.querySelectorAll("details.menu[open]").forEach((menu) => {
            if (!menu.contains(event.target)) {
                menu.open = false;
            }
        });
    });

    document.addEventListener("keydown", (event) => {
        if (event.key === "Escape") {
            document.querySelectorAll("details.menu[open]").forEach((menu) => {
                menu.open = false;
                menu.querySelector("summary").focus();
            });
        }
    });

    // "No to all the rest": answers only the questions still open.
    document.addEventListener("click", (event) => {
        const button = event.target.closest("[data-answer-rest]");
        if (!button) {
            return;
        }
        event.preventDefault();
        const answer = button.dataset.answerRest;
        button.closest("[data-questions]").querySelectorAll("[data-question]").forEach((question) => {
            if (!question.hidden && !question.querySelector("input:checked")) {
                const choice = question.querySelector(`input[value="${answer}"]`);
                choice.checked = true;
                choice.dispatchEvent(new Event("change", { bubbles: true }));
            }
        });
    });

    // A passkey belongs to a name: at a numbered address the browser would refuse it.
    const passkeyButtons = document.querySelectorAll(
        "#passkey_login, #mfa_webauthn_authenticate, #mfa_webauthn_add, #mfa_webauthn_reauthenticate"
    );
    const isNumbered = /^[\d.]+$|^\[/.test(window.location.hostname);
    if (passkeyButtons.length && (isNumbered || !window.PublicKeyCredential)) {
        passkeyButtons.forEach((button) => {
            button.hidden = true;
        });
        const note = document.getElementById("passkey-by-number");
        // the sign-in page has a way of its own, so it says nothing there
        if (note && isNumbered && !document.getElementById("passkey_login")) {
            note.hidden = false;
            if (window.location.hostname === "127.0.0.1") {
                const link = document.getElementById("passkey-by-name");
                const there = new URL(window.location.href);
                there.hostname = "localhost";
                link.href = there.href;
                link.textContent = there.origin;
                link.hidden = false;
            }
        }
    }

    // What the browser says of a passkey that failed is for programmers: say it in words.
    document.addEventListener("allauth.error", (event) => {
        const note = document.getElementById("passkey-failed");
        if (note) {
            event.preventDefault();
            note.hidden = false;
            note.scrollIntoView({ block: "nearest" });
        }
    });

    // After a refused form the summary is read first.
    const summary = document.getElementById("error-summary");
    if (summary) {
        summary.focus();
    }
})();
