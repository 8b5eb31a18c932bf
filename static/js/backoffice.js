// Moves the bars of work in progress, and shows the page anew when it is done. Without it there is a link.
const EVERY = 1500;

for (const bar of document.querySelectorAll("[data-progress]")) {
  bar.parentElement.querySelector(".desk-again")?.setAttribute("hidden", "");
  watch(bar);
}

async function watch(bar) {
  try {
    const answer = await fetch(bar.dataset.progress, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(answer.status);
    const { percent, over } = await answer.json();
    bar.value = percent;
    const text = bar.parentElement.querySelector("[data-progress-text]");
    if (text && percent) text.textContent = `${percent} %`;
    if (over) {
      location.reload();
      return;
    }
  } catch {
    bar.parentElement.querySelector(".desk-again")?.removeAttribute("hidden");
    return;
  }
  setTimeout(() => watch(bar), EVERY);
}
