/* What is typed in a session, kept on this device until the server has it: encrypted under a key
   that only the signed-in page holds, under the user's own name, and gone at sign-out. */

export const PREFIX = "openmeso-session:";
const DAYS = 7;

const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)));

export class DeviceStore {
    constructor(name, key) {
        this.name = PREFIX + name;
        this.key = key;
        this.last = Promise.resolve();
        this.usable = Boolean(window.crypto?.subtle);
    }

    async cipher() {
        this.imported ??= await crypto.subtle.importKey("raw", bytes(this.key), "AES-GCM", false, [
            "encrypt",
            "decrypt",
        ]);
        return this.imported;
    }

    /* One after the other, so that an older text never lands on a newer one. */
    keep(held) {
        this.last = this.last.then(() => this.write(held)).catch(() => {
            this.usable = false;
        });
        return this.last;
    }

    async write(held) {
        if (!this.usable) {
            return;
        }
        const iv = crypto.getRandomValues(new Uint8Array(12));
        const plain = new TextEncoder().encode(JSON.stringify(held));
        const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await this.cipher(), plain);
        if (!this.usable) {
            return; // signed out meanwhile
        }
        localStorage.setItem(
            this.name,
            JSON.stringify({ at: Date.now(), iv: text(iv), data: text(data) }),
        );
    }

    async read() {
        try {
            const held = JSON.parse(localStorage.getItem(this.name));
            if (!held || Date.now() - held.at > DAYS * 86400e3) {
                localStorage.removeItem(this.name);
                return null;
            }
            const iv = bytes(held.iv);
            const plain = await crypto.subtle.decrypt(
                { name: "AES-GCM", iv },
                await this.cipher(),
                bytes(held.data),
            );
            return JSON.parse(new TextDecoder().decode(plain));
        } catch {
            return null;
        }
    }

    /* Nothing is written from here on: whoever signs out leaves nothing behind. */
    close() {
        this.usable = false;
        return this.forget();
    }

    forget() {
        this.last = this.last.then(() => localStorage.removeItem(this.name)).catch(() => {});
        return this.last;
    }
}
