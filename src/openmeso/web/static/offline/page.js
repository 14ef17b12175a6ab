// The page shown without a connection: what this device keeps, and the way back.
(function () {
    "use strict";

    const show = (id) => {
        document.getElementById(id).hidden = false;
    };

    async function session() {
        const told = await caches.match("/kept/about", { cacheName: "openmeso-kept" });
        const about = told && (await told.json());
        if (about && about.until > Date.now()) {
            document.getElementById("kept-link").href = about.path;
            show("kept-session");
        }
    }

    function drafts() {
        try {
            return Object.keys(localStorage).some((key) => key.startsWith("openmeso-"));
        } catch {
            return false;
        }
    }

    /* Loads the page asked for, unless somebody has gone on to the session meanwhile. */
    let leaving = false;
    document.getElementById("kept-link").addEventListener("click", () => {
        leaving = true;
    });
    async function back() {
        const answer = await fetch(main.dataset.health, { cache: "no-store" }).catch(() => null);
        if (answer?.ok && !leaving) {
            window.location.reload();
        }
    }

    const main = document.querySelector("[data-sign-out-path]");
    const isSignOut = window.location.pathname === main.dataset.signOutPath;
    if (isSignOut) {
        show("still-in");
    } else {
        session().catch(() => {});
        show(drafts() ? "kept-drafts" : "kept-nothing");
        window.addEventListener("online", back);
    }
    document.getElementById("again").addEventListener("click", () => window.location.reload());
})();
