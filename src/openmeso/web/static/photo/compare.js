/* Two dates: side by side, or the later over the earlier with a cut that moves. */
const box = document.querySelector("[data-compare]");
const modes = document.querySelector("[data-modes]");

if (box && modes) {
    const cut = box.querySelector("[data-cut]");
    const move = () => box.style.setProperty("--cut", `${cut.value}%`);
    const choose = () => {
        const slides = modes.querySelector(":checked").value === "slider";
        box.classList.toggle("compare--slider", slides);
        cut.hidden = !slides;
    };
    modes.hidden = false;
    modes.addEventListener("change", choose);
    cut.addEventListener("input", move);
    for (const select of document.querySelectorAll(".compare-form select")) {
        select.addEventListener("change", () => select.form.requestSubmit());
    }
    choose();
    move();
}
