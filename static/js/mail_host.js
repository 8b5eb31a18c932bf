// A mail host that is one or two letters off a common one is asked about, when the field is left. Nothing is changed
// unless somebody presses the suggestion.
function distance(a, b) {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      next[j] = Math.min(next[j - 1] + 1, row[j] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length];
}

export function nearest(address, hosts) {
  const at = address.lastIndexOf("@");
  const host = address.slice(at + 1).trim().toLowerCase();
  if (at < 1 || !host.includes(".") || hosts.includes(host)) return "";
  const near = hosts.find((known) => distance(host, known) <= (known.length > 8 ? 2 : 1));
  return near ? address.slice(0, at + 1).trim() + near : "";
}

export function mailHosts(root) {
  for (const field of root.querySelectorAll("[data-mistyped]")) {
    const line = field.parentElement.querySelector("[data-suggestion]");
    if (!line) continue;
    const suggested = line.querySelector("[data-suggested]");
    const hosts = field.dataset.mistyped.split(" ");
    const offer = () => {
      const suggestion = nearest(field.value, hosts);
      suggested.textContent = suggestion;
      line.hidden = !suggestion;
    };
    field.addEventListener("change", offer);
    line.querySelector("[data-take]").addEventListener("click", () => {
      field.value = suggested.textContent;
      offer();
      field.focus();
    });
  }
}
