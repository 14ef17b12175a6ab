/* Draft: a correction survives a reload and a cut line, on this device, for a day. */

const PREFIX = "openmeso-hairs:";
const HOURS = 24;

export class Draft {
    constructor(name) {
        this.key = PREFIX + name;
    }

    keep(state) {
        try {
            if (state.isChanged) {
                const kept = { at: Date.now(), hairs: state.hairs };
                localStorage.setItem(this.key, JSON.stringify(kept));
            } else {
                this.drop();
            }
        } catch {
            // A full or forbidden store must not stop the correction.
        }
    }

    kept() {
        try {
            const draft = JSON.parse(localStorage.getItem(this.key));
            return draft && Date.now() - draft.at < HOURS * 3600e3 ? draft.hairs : null;
        } catch {
            return null;
        }
    }

    drop() {
        localStorage.removeItem(this.key);
    }
}
