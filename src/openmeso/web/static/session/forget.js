/* A session that is signed or given up: what this device kept of it may go. */

import { PREFIX } from "./store.js";

document.querySelectorAll("[data-session-done]").forEach((done) => {
    try {
        localStorage.removeItem(PREFIX + done.dataset.sessionDone);
    } catch {
        // A forbidden store holds nothing.
    }
});
