// Copying, printing, and the device's own way of sharing.
async function copied(button, text) {
  await navigator.clipboard.writeText(text);
  const before = button.textContent;
  button.textContent = button.dataset.done;
  setTimeout(() => { button.textContent = before; }, 2500);
}

export function copying(root) {
  for (const button of root.querySelectorAll("[data-copy]")) {
    button.addEventListener("click", () => copied(button, button.dataset.copy));
  }
  for (const button of root.querySelectorAll("[data-copy-from]")) {
    button.addEventListener("click", () => copied(button, root.getElementById(button.dataset.copyFrom).value));
  }
}

export function printing(root) {
  for (const button of root.querySelectorAll("[data-print]")) button.addEventListener("click", () => window.print());
}

export function sharing(root) {
  if (!navigator.share) return;
  for (const item of root.querySelectorAll("[data-share]")) {
    item.hidden = false;
    item.querySelector("button").addEventListener("click", () => {
      navigator.share({ title: item.dataset.shareTitle, url: item.dataset.shareUrl }).catch(() => {});
    });
  }
}
