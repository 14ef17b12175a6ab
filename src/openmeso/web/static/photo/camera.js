/* The stage: the camera's picture, or a chosen one, under the ghost of the last photo of the view. */
const MOST_PX = 4096;

function start(form) {
    const find = (name) => form.querySelector(`[data-${name}]`);
    const [stage, video, canvas, ghost] = ["stage", "video", "canvas", "ghost-image"].map(find);
    const says = find("says");
    const taken = form.elements.taken;
    const chosen = form.elements.chosen;
    let stream = null;

    const show = (what) => {
        video.hidden = what !== "video";
        canvas.hidden = what !== "canvas";
        find("empty").hidden = what !== "empty";
        find("shoot").hidden = what !== "video";
        find("again").hidden = what !== "canvas" || !stream;
        find("open").hidden = what === "video" || Boolean(stream) || !navigator.mediaDevices;
        stage.dataset.shows = what;
    };

    const haunt = () => {
        const address = form.querySelector("[name=view]:checked")?.dataset.ghost;
        find("ghost-control").hidden = ghost.hidden = !address;
        if (address && ghost.getAttribute("src") !== address) ghost.src = address;
    };

    const fade = () => stage.style.setProperty("--ghost", find("opacity").value / 100);

    const draw = (source, width, height) => {
        const shrink = Math.min(1, MOST_PX / Math.max(width, height));
        canvas.width = Math.round(width * shrink);
        canvas.height = Math.round(height * shrink);
        canvas.getContext("2d").drawImage(source, 0, 0, canvas.width, canvas.height);
        show("canvas");
    };

    const preview = async (input, other) => {
        const [file] = input.files;
        if (!file) return;
        other.value = "";
        try {
            const picture = await createImageBitmap(file);
            draw(picture, picture.width, picture.height);
            picture.close();
        } catch {
            show("empty"); // the server says what is wrong with it
        }
    };

    find("open").addEventListener("click", async () => {
        try {
            stream = await navigator.mediaDevices.getUserMedia({
                video: { facingMode: "environment", width: { ideal: MOST_PX }, height: { ideal: 3072 } },
            });
            video.srcObject = stream;
            await video.play();
            show("video");
        } catch {
            says.textContent = says.dataset.refused;
        }
    });

    find("shoot").addEventListener("click", () => {
        draw(video, video.videoWidth, video.videoHeight);
        canvas.toBlob((blob) => {
            const carrier = new DataTransfer();
            carrier.items.add(new File([blob], "photo.jpg", { type: "image/jpeg" }));
            taken.files = carrier.files;
            chosen.value = "";
            says.textContent = says.dataset.ready;
        }, "image/jpeg", 0.95);
    });

    find("again").addEventListener("click", () => {
        taken.value = "";
        says.textContent = "";
        show("video");
    });

    taken.addEventListener("change", () => preview(taken, chosen));
    chosen.addEventListener("change", () => preview(chosen, taken));
    for (const view of form.querySelectorAll("[name=view]")) view.addEventListener("change", haunt);
    find("opacity").addEventListener("input", fade);
    window.addEventListener("pagehide", () => stream?.getTracks().forEach((track) => track.stop()));

    stage.hidden = false;
    show("empty");
    haunt();
    fade();
}

for (const form of document.querySelectorAll("[data-camera-form]")) start(form);
