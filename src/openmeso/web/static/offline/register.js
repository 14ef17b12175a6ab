// The worker that keeps the chair for a lost line, and what it tells of a form that did not get through.
(function () {
    "use strict";

    const worker = navigator.serviceWorker;
    if (!worker) {
        return; // no secure connection: nothing is kept, and the browser says so itself
    }
    worker.register(document.currentScript.dataset.worker).catch(() => {});
    worker.ready.then((ready) => {
        if (!worker.controller) {
            // this page was on its way while the worker started
            ready.active.postMessage({ kind: "claim" });
        }
    });

    let sent = 0;
    document.addEventListener("submit", () => {
        sent = Date.now();
    });
    worker.addEventListener("message", (event) => {
        const note = document.getElementById("not-sent");
        if (event.data.kind === "not-sent" && note && Date.now() - sent < 120_000) {
            note.hidden = false;
            note.scrollIntoView({ block: "center" });
        }
    });
})();
