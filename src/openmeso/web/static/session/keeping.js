/* The page itself is kept by the worker, so that it opens without a connection: told here what it is
   made of and what the server took last. */

const worker = navigator.serviceWorker;
const path = window.location.pathname;

async function tell(said) {
    const ready = worker && (await worker.ready);
    ready?.active.postMessage({ path, ...said });
}

/* What this page is made of, once all of it has come. */
export async function stands() {
    if (document.readyState !== "complete") {
        await new Promise((done) => window.addEventListener("load", done, { once: true }));
    }
    const files = performance.getEntriesByType("resource").map((each) => each.name);
    await tell({ kind: "stands", files: [...new Set(files.filter((name) => name.startsWith(window.location.origin)))] });
}

export const saved = (version, typed) => tell({ kind: "saved", version, typed });
export const drop = () => tell({ kind: "drop" });
