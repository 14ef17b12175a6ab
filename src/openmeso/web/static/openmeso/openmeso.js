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

    // After a refused form the summary is read first.
    const summary = document.getElementById("error-summary");
    if (summary) {
        summary.focus();
    }
})();
