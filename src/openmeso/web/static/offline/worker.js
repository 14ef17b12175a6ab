/* What this device keeps for a lost line: the page of the session under way with the files it is
   made of, and a calm page for everything else. SECURITY.md, promise 19, says what is kept of whom,
   and when it goes. The server puts VERSION, STATIC, OFFLINE and SIGN_OUT before this text. */

/* global VERSION, STATIC, OFFLINE, SIGN_OUT */
const FILES = `openmeso-files-${VERSION}`;
const KEPT = "openmeso-kept";
const ABOUT = "/kept/about";
const PAGE = "/kept/page";
const READER = "OpenMeso-Reader";
const SECONDS = "OpenMeso-Keep-Seconds";
const GATEWAY = [502, 503, 504];

self.addEventListener("install", (event) => event.waitUntil(shell().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(tidy().then(() => self.clients.claim())));

/* The calm page and the files that it names. */
async function shell() {
    const answer = await fetch(OFFLINE);
    const files = await caches.open(FILES);
    await files.put(OFFLINE, answer.clone());
    const named = [...(await answer.text()).matchAll(/(?:href|src)="([^"#]+)/g)].map((found) => found[1]);
    await files.addAll([...new Set(named)].filter((name) => name.startsWith(STATIC)));
}

async function tidy() {
    const names = await caches.keys();
    const old = names.filter((name) => name.startsWith("openmeso-files-") && name !== FILES);
    await Promise.all(old.map((name) => caches.delete(name)));
    await kept();
}

/* One after the other, so that nothing is put beside what is being dropped. */
let turn = Promise.resolve();
function after(deed) {
    turn = turn.then(deed).catch(() => {});
    return turn;
}

const drop = () => caches.delete(KEPT);

/* What is kept now: {path, reader, seconds, until, saved}; what is past its time goes. */
async function kept() {
    const told = await (await caches.open(KEPT)).match(ABOUT);
    const about = told && (await told.json());
    const left = about ? about.until - Date.now() : 0;
    if (about && (left < 0 || left > about.seconds * 1000)) {
        await drop();
        return null;
    }
    return about ?? null;
}

async function note(about) {
    const until = Date.now() + about.seconds * 1000;
    const place = await caches.open(KEPT);
    await place.put(ABOUT, new Response(JSON.stringify({ ...about, until })));
}

async function keep(path, answer) {
    await drop();
    const place = await caches.open(KEPT);
    await place.put(PAGE, new Response(await answer.text(), { headers: answer.headers }));
    const seconds = +answer.headers.get(SECONDS);
    await note({ path, reader: answer.headers.get(READER), seconds, saved: null });
}

/* Each page that the server gives says who reads it, and whether it is one to keep. */
async function look(path, answer) {
    if (answer.type === "opaqueredirect" || answer.status >= 500) {
        return;
    }
    if (answer.ok && answer.headers.has(SECONDS)) {
        await keep(path, answer);
        return;
    }
    const about = await kept();
    if (about && (about.path === path || about.reader !== answer.headers.get(READER))) {
        await drop();
    }
}

async function navigate(event, path) {
    const { request } = event;
    if (path === SIGN_OUT && request.method === "POST") {
        await after(drop);
    }
    let answer;
    try {
        answer = await fetch(request);
    } catch {
        return away(request, path);
    }
    if (GATEWAY.includes(answer.status)) {
        return away(request, path);
    }
    if (!path.startsWith(STATIC)) {
        const copy = answer.clone();
        event.waitUntil(after(() => look(request.method === "GET" ? path : "", copy)));
    }
    return answer;
}

/* Nothing of the server's: a form stays on its page as it is, the chair comes from the device. */
async function away(request, path) {
    if (request.method !== "GET" && path !== SIGN_OUT) {
        const pages = await self.clients.matchAll({ type: "window" });
        pages.forEach((page) => page.postMessage({ kind: "not-sent" }));
        return new Response(null, { status: 204 });
    }
    await turn;
    const about = await kept();
    if (about?.path === path) {
        const page = await caches.match(PAGE, { cacheName: KEPT });
        const said = JSON.stringify({ until: about.until, ...about.saved });
        const safe = said.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
        const text = (await page.text()).replace('data-kept=""', () => `data-kept="${safe}"`);
        return new Response(text, { headers: page.headers });
    }
    return (await caches.match(OFFLINE)) ?? Response.error();
}

self.addEventListener("fetch", (event) => {
    const { request } = event;
    const url = new URL(request.url);
    if (url.origin !== self.location.origin) {
        return;
    }
    if (request.mode === "navigate") {
        event.respondWith(navigate(event, url.pathname));
    } else if (request.method === "GET" && url.pathname.startsWith(STATIC)) {
        event.respondWith(fetch(request).catch(async () => (await caches.match(request)) ?? Response.error()));
    }
});

/* What the chair tells: it stands, with these files; the server took this; or let it go. */
const DEEDS = {
    async stands({ path, files }) {
        if ((await kept())?.path !== path) {
            const answer = await fetch(path);
            if (answer.ok && !answer.redirected && answer.headers.has(SECONDS)) {
                await keep(path, answer);
            }
        }
        if ((await kept())?.path === path) {
            const place = await caches.open(KEPT);
            await place.addAll(files.filter((file) => new URL(file).pathname.startsWith(STATIC)));
        }
    },
    async saved({ path, version, typed }) {
        const about = await kept();
        if (about?.path === path) {
            await note({ ...about, saved: { version, typed } });
        }
    },
    drop,
    claim: () => self.clients.claim(),
};

self.addEventListener("message", (event) => {
    const deed = Object.hasOwn(DEEDS, event.data.kind) && DEEDS[event.data.kind];
    if (deed) {
        event.waitUntil(after(() => deed(event.data)));
    }
});
