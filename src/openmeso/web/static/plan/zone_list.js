/* Zone list: the zones in words beside the map; rename, choose and delete without the drawing. */

export class ZoneList {
    constructor(list, template, state, { words, areaCm2, views }) {
        Object.assign(this, { list, template, state, words, areaCm2, views });
        list.addEventListener("change", (event) => this.rename(event));
        list.addEventListener("click", (event) => this.click(event));
    }

    index(event) {
        const row = event.target.closest("[data-zone]");
        return row ? Number(row.dataset.zone) : -1;
    }

    rename(event) {
        const index = this.index(event);
        const name = event.target.value.trim();
        if (index < 0) {
            return;
        }
        // A zone's name tells its points and doses apart, so it may neither be empty nor twice.
        const taken = this.state.zones.some((zone, i) => i !== index && zone.name === name);
        if (!name || taken) {
            event.target.value = this.state.zones[index].name;
            return;
        }
        this.state.commit(this.state.replaced(index, { name }));
    }

    click(event) {
        const button = event.target.closest("button[data-do]");
        const index = this.index(event);
        if (!button || index < 0) {
            return;
        }
        this.state.choose(index);
        if (button.dataset.do === "delete-zone") {
            this.state.deleteChosen();
        }
    }

    draw(computed) {
        const { zones } = this.state;
        while (this.list.children.length > zones.length) {
            this.list.lastElementChild.remove();
        }
        zones.forEach((zone, index) => {
            const row = this.list.children[index] ?? this.added();
            row.dataset.zone = index;
            row.classList.toggle("is-chosen", index === this.state.zone);
            row.querySelector(".zone-swatch").textContent = index + 1;
            const name = row.querySelector("input");
            if (document.activeElement !== name) {
                name.value = zone.name;
            }
            row.querySelector("[data-part=facts]").textContent = this.facts(zone, computed[index]);
            row.querySelector("[data-do=delete-zone]").setAttribute(
                "aria-label",
                this.words.deleteZone.replace("{name}", zone.name),
            );
            row.querySelector("[data-do=choose-zone]").setAttribute(
                "aria-label",
                this.words.showZone.replace("{name}", zone.name),
            );
        });
    }

    /* The server's numbers where they belong to this very drawing, else our own area. */
    facts(zone, computed) {
        const parts = [this.views.get(zone.view)?.name ?? zone.view];
        if (computed) {
            parts.push(`${computed.area_cm2} cm²`);
            parts.push(this.words.points.replace("{points}", computed.points));
            if (computed.outside) {
                parts.push(this.words.outside.replace("{area}", computed.outside));
            }
        } else {
            parts.push(`${this.areaCm2(zone).toFixed(1)} cm²`);
        }
        return parts.join(" · ");
    }

    added() {
        const row = this.template.content.firstElementChild.cloneNode(true);
        this.list.append(row);
        return row;
    }
}
