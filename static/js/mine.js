// My signature: what a machine with keys opens or changes comes by itself. Only those parts of the page become new, so that
// nothing is lost that is being typed; it is said aloud, or read out where the focus is.
const FIRST = 2_000;
const LAST = 30_000;

function waiting(pause = FIRST) {
  if (document.querySelector("[data-waits]")) setTimeout(() => lookAgain(pause), pause);
}

async function lookAgain(pause) {
  const answer = document.hidden ? null : await fetch(location.href).catch(() => null);
  if (answer?.ok) freshen(new DOMParser().parseFromString(await answer.text(), "text/html"));
  waiting(Math.min(pause * 1.5, LAST));
}

function freshen(shown) {
  let words = "", readOut = false;
  document.querySelectorAll("[data-fresh]").forEach((part) => {
    const fresh = shown.getElementById(part.id);
    if (!fresh || fresh.isEqualNode(part)) return;
    const focused = part.contains(document.activeElement);
    part.replaceWith(document.adoptNode(fresh));
    if (focused) fresh.focus();
    readOut ||= focused;
    words ||= fresh.dataset.say ?? "";
  });
  document.title = shown.title;
  const status = document.querySelector("[data-status]");
  if (status && words && !readOut) status.textContent = words;
}

waiting();
