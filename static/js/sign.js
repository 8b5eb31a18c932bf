// The form: focus on what is wrong, no double sending, and the bar that leads to it steps aside when it is in view.
export function signing(root) {
  root.querySelector("[data-errors]")?.focus();
  const form = root.querySelector("[data-sign-form]");
  if (!form) return;

  let sent = false;
  form.addEventListener("submit", (event) => {
    if (sent) event.preventDefault();
    sent = true;
    // How long the page was open: all that is told, and only to notice programs.
    if (form.elements.seconds) form.elements.seconds.value = Math.floor(performance.now() / 1000);
  });
  // Coming back with the browser's button must leave the form usable.
  window.addEventListener("pageshow", () => { sent = false; });

  const bar = root.querySelector("[data-sign-bar]");
  if (!bar) return;
  new IntersectionObserver(([entry]) => {
    bar.toggleAttribute("data-away", entry.isIntersecting);
  }).observe(root.getElementById("sign"));
}
