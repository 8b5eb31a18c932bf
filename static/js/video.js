// A film is asked for when somebody clicks, and not before.
export function videos(root) {
  for (const stage of root.querySelectorAll("[data-video]")) {
    stage.querySelector("a").addEventListener("click", (event) => {
      event.preventDefault();
      const frame = root.createElement("iframe");
      frame.src = stage.dataset.video;
      frame.title = stage.dataset.title;
      frame.allow = "autoplay; fullscreen; picture-in-picture";
      frame.referrerPolicy = "no-referrer";
      stage.replaceChildren(frame);
      frame.focus();
    });
  }
}
