/* How long the injecting takes. It runs on across a reload: the moments are part of the draft. */

export class Timer {
    constructor(button, form) {
        Object.assign(this, { button, form });
        button.hidden = false;
        button.addEventListener("click", () => this.press());
        setInterval(() => this.render(), 1000);
        this.render();
    }

    get began() {
        return +this.form.elements.began_ms.value || 0;
    }

    get ended() {
        return +this.form.elements.ended_ms.value || 0;
    }

    get isRunning() {
        return Boolean(this.began && !this.ended);
    }

    set(began, ended) {
        this.form.elements.began_ms.value = began || "";
        this.form.elements.ended_ms.value = ended || "";
        if (ended) {
            this.form.elements.minutes.value = Math.max((ended - began) / 60000, 0.02).toFixed(2);
        }
        this.render();
        this.form.elements.began_ms.dispatchEvent(new Event("input", { bubbles: true }));
    }

    press() {
        const now = Date.now();
        if (!this.began) {
            this.set(now, 0);
        } else if (this.isRunning) {
            this.set(this.began, now);
        } else {
            this.set(now - (this.ended - this.began), 0);
        }
    }

    stop() {
        if (this.isRunning) {
            this.press();
        }
    }

    render() {
        const seconds = Math.max(0, Math.round(((this.ended || Date.now()) - this.began) / 1000));
        const clock = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
        const { begin, stop, resume } = this.button.dataset;
        const words = !this.began ? begin : `${clock} · ${this.isRunning ? stop : resume}`;
        if (this.button.textContent !== words) {
            this.button.textContent = words;
        }
    }
}
