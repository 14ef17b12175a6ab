// A scanner that types as a keyboard sends the separator of GS1 codes as Ctrl+], which a browser
// would drop: it is written out. The camera is offered where the browser reads codes by itself.
(function () {
    "use strict";

    const SEPARATOR = "\u241d";
    const FORMATS = ["data_matrix", "code_128", "ean_13", "ean_8", "itf", "qr_code", "upc_a"];

    document.addEventListener("keydown", (event) => {
        const field = event.target;
        if (!field.matches?.("[data-scan]")) {
            return;
        }
        const separator = event.key === "\u001d" || (event.ctrlKey && event.key === "]");
        if (separator) {
            event.preventDefault();
            field.setRangeText(SEPARATOR, field.selectionStart, field.selectionEnd, "end");
        }
    });

    const button = document.querySelector("[data-scan-camera]");
    if (!button || !("BarcodeDetector" in window) || !navigator.mediaDevices) {
        return;
    }

    async function usable() {
        const known = await window.BarcodeDetector.getSupportedFormats();
        return FORMATS.filter((format) => known.includes(format));
    }

    async function look(detector, video, stop) {
        while (!stop.done) {
            const found = await detector.detect(video).catch(() => []);
            if (found.length) {
                return found[0].rawValue;
            }
            await new Promise((resolve) => setTimeout(resolve, 150));
        }
        return "";
    }

    async function scan(formats) {
        const view = document.querySelector("[data-scan-view]");
        const video = view.querySelector("video");
        const field = document.querySelector("[data-scan]");
        const stop = { done: false };
        const stream = await navigator.mediaDevices.getUserMedia({
            video: { facingMode: "environment" },
        });
        video.srcObject = stream;
        view.hidden = false;
        window.addEventListener("pagehide", () => (stop.done = true), { once: true });
        await video.play();
        const code = await look(new window.BarcodeDetector({ formats }), video, stop);
        stream.getTracks().forEach((track) => track.stop());
        view.hidden = true;
        if (code) {
            field.value = code.replaceAll("\u001d", SEPARATOR);
            field.form.requestSubmit();
        }
    }

    usable().then((formats) => {
        if (formats.length) {
            button.hidden = false;
            button.addEventListener("click", () => scan(formats).catch(() => (button.hidden = true)));
        }
    });
})();
