/* Sends what is typed, one save at a time. A save that got no answer is sent again just as it was,
   under the same token, so that the server takes it once. */

const WAIT = 900;
const AGAIN = 3000;

export class Sender extends EventTarget {
    constructor(form, store) {
        super();
        Object.assign(this, { form, store, pending: null, sending: null, dirty: false });
        this.version = +form.dataset.version;
        this.stopped = false;
        window.addEventListener("online", () => this.send());
    }

    /* The password is never part of a draft, the security token is the page's own. */
    typed() {
        const own = ["csrfmiddlewaretoken", "proof", "version", "client_token"];
        return [...new FormData(this.form)].filter(([name]) => !own.includes(name));
    }

    changed() {
        this.dirty = true;
        this.tell("typed");
        this.keep();
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.send(), WAIT);
    }

    keep() {
        return this.store.keep({
            base: this.version,
            token: this.pending?.token ?? "",
            typed: this.typed(),
        });
    }

    tell(kind, detail) {
        this.dispatchEvent(new CustomEvent(kind, { detail }));
    }

    /* Resolves once everything typed so far is with the server, or cannot get there now. */
    send() {
        this.sending ??= this.run().finally(() => {
            this.sending = null;
        });
        return this.sending;
    }

    async run() {
        clearTimeout(this.timer);
        while (!this.stopped && (this.pending || this.dirty)) {
            if (!this.pending) {
                this.dirty = false;
                this.pending = { token: crypto.randomUUID?.() ?? String(Math.random()), typed: this.typed() };
                await this.keep();
            }
            this.tell("saving");
            if (!(await this.attempt(this.pending))) {
                return false;
            }
        }
        return !this.stopped;
    }

    async attempt({ token, typed }) {
        const body = new URLSearchParams(typed);
        body.set("version", this.version);
        body.set("client_token", token);
        let answer;
        try {
            answer = await fetch(this.form.getAttribute("action"), {
                method: "POST",
                body,
                redirect: "manual",
                headers: {
                    Accept: "application/json",
                    "X-CSRFToken": this.form.elements.csrfmiddlewaretoken.value,
                },
            });
        } catch {
            return this.again("offline");
        }
        if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) {
            this.stopped = true;
            this.tell("signed-out");
            return false;
        }
        if (answer.status >= 500) {
            return this.again("offline");
        }
        return this.answered(answer.status, typed, await answer.json().catch(() => ({})));
    }

    again(kind) {
        this.tell(kind);
        this.timer = setTimeout(() => this.send(), AGAIN);
        return false;
    }

    async answered(status, typed, said) {
        this.pending = null;
        if (status === 200) {
            this.version = said.version;
            if (!this.dirty) {
                await this.store.forget();
            }
            this.tell("saved", { ...said, typed });
            return true;
        }
        this.dirty = true;
        if (status === 409) {
            this.stopped = true;
            this.tell(said.fixed ? "fixed" : "conflict", said);
        } else {
            this.tell("refused", said);
        }
        return false;
    }

    /* Mine stands, on top of what was saved elsewhere. */
    keepMine(version) {
        this.version = version;
        this.stopped = false;
        this.dirty = true;
        return this.send();
    }
}
