// Comforts of a page. Everything here can be missing: the page works without. One file, since a page should take few
// requests; what is of one page alone is in a file of its own.

const every = (root, selector, each) => root.querySelectorAll(selector).forEach(each);
const page = () => document.querySelector("main");

function begin(root) {
  every(root, "[data-needs-script]", (element) => { element.hidden = false; });
  copying(root);
  sharing(root);
  every(root, "[data-print]", (button) => button.addEventListener("click", () => window.print()));
  addresses(root);
  naming(root);
  signing(root);
  counting(root);
  every(root, "[data-video]", film);
}

// Copying, and the device's own way of sharing. Both may be refused: in a frame that was not given leave, without https,
// by an old browser. Then what was to be copied stands in a field, chosen, and that is said.
async function copied(place) {
  const said = place.querySelector("[data-copied]");
  const byHand = place.querySelector("[data-by-hand]");
  const field = byHand.querySelector("input, textarea");
  said.textContent = ""; // what is said twice is heard twice
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    byHand.hidden = false;
    field.focus();
    field.select();
    if (!document.execCommand("copy")) {
      said.textContent = said.dataset.refused;
      return;
    }
    byHand.hidden = true;
    place.querySelector("[data-copy]").focus();
  }
  said.textContent = said.dataset.copied;
}

function copying(root) {
  every(root, "[data-copying]", (place) => {
    every(place, "[data-copy]", (button) => button.addEventListener("click", () => copied(place)));
  });
}

function sharing(root) {
  if (!navigator.share || document.featurePolicy?.allowsFeature("web-share") === false) return;
  every(root, "[data-share]", (item) => {
    const { shareTitle: title, shareUrl: url, shareText: text } = item.dataset;
    item.hidden = false;
    item.querySelector("button").addEventListener("click", () => {
      navigator.share({ title, url, ...(text && { text }) }).catch((why) => {
        if (why.name !== "AbortError") copied(item.closest("[data-copying]"));
      });
    });
  });
}

// A film is asked for when somebody clicks, and not before.
function film(stage) {
  stage.querySelector("a").addEventListener("click", (event) => {
    event.preventDefault();
    const frame = document.createElement("iframe");
    frame.src = stage.dataset.video;
    frame.title = stage.dataset.title;
    frame.allow = "autoplay; fullscreen; picture-in-picture";
    frame.referrerPolicy = "strict-origin-when-cross-origin"; // players refuse to play for a site without a name
    stage.replaceChildren(frame);
    frame.focus();
  });
}

// An address is looked at when its field is left, by the server's lists and its rule (actions/rules/address.py). What it
// probably was to be is asked about; nothing is changed unless somebody presses the suggestion.
function distance(a, b) {
  let earlier, before, row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i += 1) {
    [earlier, before, row] = [before, row, [i]];
    for (let j = 1; j <= b.length; j += 1) {
      row[j] = Math.min(row[j - 1] + 1, before[j] + 1, before[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
      // Two neighbours that were swapped are one step.
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) row[j] = Math.min(row[j], earlier[j - 2] + 1);
    }
  }
  return row[b.length];
}

const ending = (host) => host.slice(host.lastIndexOf(".") + 1);
const turned = (word) => [...word].reverse().join("");
const PART = "[^\\s@.,;:<>()[\\]\\\\\"]+";
const WHOLE = new RegExp(`^${PART}(\\.${PART})*@${PART}(\\.${PART})+$`);

function nearest(typed, { mistyped, common, long }) {
  const address = typed.trim();
  const bare = /<([^<>]*)>[\s.,;:]*$/.exec(address)?.[1].trim() ?? address; // "Kari Nordmann <kari@example.org>"
  const at = bare.lastIndexOf("@") + 1;
  const host = bare.slice(at).replace(/[.,;:]+$/, "").replaceAll(",", ".").toLowerCase();
  const near = common.split(" ").includes(host) ? "" : mistyped.split(" ").find((known) => (
    (ending(host).length !== 2 || [ending(host), turned(ending(host))].includes(ending(known)))
    && distance(host, known) <= (known.length < Number(long) ? 1 : 2)
  ));
  const mended = bare.slice(0, at).replaceAll(",", ".") + (near || host);
  return WHOLE.test(mended) && mended.toLowerCase() !== address.toLowerCase() ? mended : "";
}

function addresses(root) {
  every(root, "[data-mistyped]", (field) => {
    const line = field.parentElement.querySelector("[data-suggestion]"); // both stand in a live region
    const check = field.parentElement.querySelector("[data-check]");
    if (!line || !check) return;
    const suggested = line.querySelector("[data-suggested]");
    const described = field.getAttribute("aria-describedby") ?? "";
    const refused = field.getAttribute("aria-invalid") === "true"; // by the server: its words stand there until the next answer
    const look = () => {
      const suggestion = nearest(field.value, field.dataset);
      suggested.textContent = suggestion;
      line.hidden = !suggestion;
      const broken = !suggestion && Boolean(field.value.trim()) && !/^\s*\S+@\S+\.\S+\s*$/.test(field.value);
      check.hidden = !broken;
      if (broken || refused) field.setAttribute("aria-invalid", "true"); else field.removeAttribute("aria-invalid");
      field.setAttribute("aria-describedby", `${described}${broken ? ` ${check.id}` : ""}`.trim());
    };
    // A moment later: whoever leaves the field by pressing a button must not have it move away from under the finger.
    field.addEventListener("change", () => setTimeout(look, 250));
    field.addEventListener("input", () => { if (!check.hidden) look(); });
    line.querySelector("[data-take]").addEventListener("click", () => {
      field.value = suggested.textContent;
      look();
      field.focus();
    });
  });
}

// The name that is shown is asked for once it is ticked that one is, and proposed where it is plain which word is the first
// name, by the server's own rule (actions/rules/shown_name.py). What somebody has written is left alone.
function naming(root) {
  every(root, "[data-shown-of]", (shown) => {
    const { name, show_name: tick } = shown.form.elements;
    if (!name?.matches?.("input")) return;
    const sure = new RegExp(shown.dataset.shownOf);
    const unsure = shown.dataset.unsure.split(" ");
    let proposed = "";
    const propose = () => {
      if (shown.value !== proposed) return;
      const [, first = ""] = sure.exec(name.value.normalize("NFC").replace(/\s+/g, " ").trim()) ?? [];
      proposed = unsure.includes(first.toLowerCase()) ? "" : first;
      shown.value = proposed;
    };
    const unfold = () => { shown.closest(".field").hidden = !tick.checked; };
    name.addEventListener("input", propose);
    if (!tick) return;
    tick.addEventListener("change", unfold);
    propose();
    unfold();
  });
}

// Signing. The form is sent by the script, so that the thank-you page can offer the next action with what was typed.
// That stays in this page's memory and nowhere else; leaving the page forgets it. Without the script the form sends itself.
let typed = null;
const signed = new Set();

function signing(root) {
  const told = root.querySelector("[data-errors], [data-said]");
  if (told) { // at once: a page that is slowly scrolled through is none that one has asked for
    told.focus({ preventScroll: true });
    told.scrollIntoView({ block: "start", behavior: "instant" });
  }
  const form = root.querySelector("[data-sign-form]");
  if (form) {
    form.addEventListener("submit", (event) => {
      // How long the page was open: all that is told, and only to notice programs.
      if (form.elements.seconds) form.elements.seconds.value = Math.floor(performance.now() / 1000);
      event.preventDefault();
      send(form);
    });
    const bar = root.querySelector("[data-sign-bar]");
    if (bar) {
      const seen = new Set();
      const watching = new IntersectionObserver((entries) => {
        entries.forEach(({ isIntersecting, target }) => (isIntersecting ? seen.add(target) : seen.delete(target)));
        bar.toggleAttribute("data-away", seen.size > 0);
      }, { threshold: 0.9 });
      every(form, "#sign-name, #sign-email, [data-sign-button]", (part) => watching.observe(part));
    }
    folding(form);
    // Enter in the name goes on to an address that is still empty, as the key of a telephone says.
    form.elements.name?.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing || !form.elements.email || form.elements.email.value) return;
      event.preventDefault();
      form.elements.email.focus();
    });
  }
  // Whoever was thanked has met the age rule of that action.
  if (typed) {
    every(root, "[data-met-age]", ({ dataset }) => { typed.age = Math.max(typed.age, dataset.metAge); });
    every(root, "[data-next]", next);
  }
}

// Nothing that somebody has typed is out of sight: not what the browser has filled in, nor what it has kept.
function folding(form) {
  const folded = form.querySelector("[data-folded]");
  if (!folded) return;
  const look = () => {
    if ([...folded.querySelectorAll("input, select, textarea")].some((field) => (field.type === "checkbox" ? field.checked : field.value))) folded.open = true;
  };
  folded.addEventListener("input", look);
  folded.addEventListener("change", look);
  addEventListener("pageshow", look);
  look();
}

function next(form) {
  if (signed.has(new URL(form.action).pathname)) {
    form.parentElement.querySelector("[data-signed]").hidden = false;
    return;
  }
  const tick = form.elements.old_enough;
  if (tick && typed.age >= form.dataset.age) {
    tick.checked = true;
    tick.parentElement.hidden = true;
  }
  form.elements.name.value = typed.name;
  form.elements.email.value = typed.email;
  form.querySelector("[data-as]").textContent = `${typed.name}, ${typed.email}`;
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form);
  });
}

const PATIENCE = 20_000;

async function send(form) {
  if ("sending" in form.dataset) return;
  const unreachable = document.querySelector("[data-unreachable]");
  if (unreachable && !unreachable.hidden) {
    unreachable.hidden = true;
    entitle(false);
  }
  const values = new URLSearchParams(new FormData(form));
  const done = busy(form);
  const limit = new AbortController();
  const timeout = setTimeout(() => limit.abort(), PATIENCE);
  try {
    const answer = await fetch(form.action, { method: "POST", body: values, signal: limit.signal });
    if (answer.status >= 500) throw new TypeError(); // what was typed stays where it is
    const text = await answer.text();
    if (answer.ok && answer.redirected && values.get("name")) {
      typed = { age: 0, ...typed, name: values.get("name"), email: values.get("email") };
      signed.add(new URL("..", answer.url).pathname); // the page above its thanks; it may have got another address
    }
    show(text, answer);
    done();
  } catch {
    done();
    if (!unreachable) return form.submit();
    unreachable.hidden = false;
    entitle(true);
    unreachable.focus();
  } finally {
    clearTimeout(timeout);
  }
}

// What is said aloud, and by nothing else on the page.
function say(words) {
  const status = document.querySelector("[data-status]");
  if (status && status.textContent !== words) status.textContent = words;
}

const words = (name) => document.querySelector("[data-status]")?.dataset[name] ?? "";

// That something went wrong stands first in the title, as in that of a page that the server refused.
function entitle(wrong) {
  const before = `${words("error")} `;
  const title = document.title.startsWith(before) ? document.title.slice(before.length) : document.title;
  document.title = wrong ? before + title : title;
}

// A sign of life while a form is on its way. What it returns takes it back.
function busy(form) {
  const button = form.querySelector("[type=submit]");
  const before = [...button.childNodes];
  form.dataset.sending = "";
  form.setAttribute("aria-busy", "true");
  button.replaceChildren(words("sending"));
  say(words("sending"));
  return () => {
    delete form.dataset.sending;
    form.removeAttribute("aria-busy");
    button.replaceChildren(...before);
    say("");
  };
}

// What stands before the main part belongs to the page: the ways past it, the menu, the other languages.
function above(main) {
  const parts = [...main.parentElement.children];
  return parts.slice(0, parts.indexOf(main));
}

function show(text, answer) {
  const shown = new DOMParser().parseFromString(text, "text/html");
  const main = shown.querySelector("main");
  if (!main) throw new TypeError();
  document.title = shown.title;
  document.body.className = shown.body.className;
  above(page()).forEach((part) => part.remove());
  page().before(...above(main));
  page().replaceWith(main);
  tellSource();
  // A form that names no address posts to the one it stands at; here it stands at another than the one it came from.
  every(page(), "form:not([action])", (form) => { form.action = answer.url; });
  if (new URL(answer.url).pathname !== location.pathname) {
    history.pushState(null, "", answer.url);
    path = location.pathname;
  }
  begin(page());
  // What went wrong has the focus, and is seen by that; whatever else came begins at its top.
  if (!page().contains(document.activeElement)) {
    scrollTo({ top: 0, behavior: "instant" });
    focusOn(page().querySelector("h1") ?? page());
  }
}

// What has the focus is read out: of a page that was not loaded, its heading. (Of the focused main Orca says “main content”.)
function focusOn(element) {
  element.tabIndex = -1;
  element.focus({ preventScroll: true });
}

// Back to the form from the thank-you page: the page itself, empty. (A jump within the page is told here too.)
let path = location.pathname;
window.addEventListener("popstate", () => { if (location.pathname !== path) location.reload(); });

// The total, made new each minute while somebody looks at the page. No announcement: it would interrupt who listens.
const EVERY = 60_000;
const HEARD = 6_000; // ms from the word that the action has ended to the page that shows it
const HOURS = 7 * 60 * EVERY; // before the end, from when on the time that is left is told in hours and minutes
let timer;
let look = () => {};

function counting(root) {
  clearTimeout(timer);
  const figures = root.querySelector("[data-total-url]");
  look = figures ? () => refresh(figures) : () => {};
  if (figures) timer = setTimeout(look, EVERY);
}

document.addEventListener("visibilitychange", () => look());

async function refresh(figures) {
  clearTimeout(timer);
  timer = setTimeout(look, EVERY);
  if (document.hidden) return;
  const answer = await fetch(figures.dataset.totalUrl).catch(() => null);
  if (!answer?.ok || !figures.isConnected) return;
  const { state, paused, total, goal, ends_at: ends, at } = await answer.json();
  if (state !== "open" || paused) return closed(figures, words(state === "open" ? "paused" : "ended"));
  const left = ends ? Date.parse(ends) - Date.parse(at) : Infinity;
  if (left < HOURS) renew(figures);
  if (left < EVERY) {
    clearTimeout(timer);
    timer = setTimeout(look, Math.max(left, 0) + 1000);
  }
  if (!figures.querySelector(".figures__total strong") || total === null) return;
  const written = new Intl.NumberFormat(document.documentElement.lang);
  const bar = figures.querySelector("progress");
  every(document, ".figures__total strong", (number) => { number.textContent = written.format(total); });
  bar.max = goal;
  bar.value = total;
  every(document, ".figures__goal span", (number) => { number.textContent = written.format(goal); });
}

// The time that is left, in the words of the page as it is now.
async function renew(figures) {
  const answer = await fetch(location.pathname).catch(() => null);
  if (!answer?.ok) return;
  const now = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(".figures__left");
  const shown = figures.querySelector(".figures__left");
  if (now && shown) shown.textContent = now.textContent;
}

// Nothing can be signed any more. It is said; where nobody has done anything, the form then turns into what stands in its
// place now.
function closed(figures, what) {
  say(what);
  let left = figures.querySelector(".figures__left");
  if (!left) {
    left = document.createElement("p");
    left.className = "figures__left";
    figures.append(left);
  }
  left.textContent = what;
  if (isUsed()) return;
  clearTimeout(timer);
  timer = setTimeout(() => { if (isUsed()) look(); else turn(); }, HEARD);
}

// The story stays, and so does whoever reads it.
async function turn() {
  const answer = await fetch(location.href, { cache: "no-cache" }).catch(() => null);
  timer = setTimeout(look, EVERY);
  if (!answer?.ok || isUsed()) return;
  const shown = new DOMParser().parseFromString(await answer.text(), "text/html");
  const [before, now] = [document, shown].map((root) => root.querySelector("#sign"));
  if (!before || !now) return location.reload();
  const focused = document.activeElement;
  document.title = shown.title;
  document.body.className = shown.body.className;
  before.replaceWith(document.adoptNode(now));
  if (!now.querySelector("[data-sign-form]")) every(document, "[data-sign-bar], .skip[href='#sign']", (way) => way.remove());
  begin(now);
  if (focused !== document.body && !focused.isConnected) focusOn(now);
}

// Whether somebody has typed or chosen something, is about to, or looks at a film: then nothing is taken away.
function isUsed() {
  const form = document.querySelector("[data-sign-form]");
  return Boolean(document.querySelector("main iframe, [data-errors]") || form?.contains(document.activeElement)
    || (form && [...form.elements].some(isFilled)));
}

function isFilled(field) {
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  if (field.options) return [...field.options].some((option, n) => n > 0 && option.selected !== option.defaultSelected);
  return "defaultValue" in field && field.type !== "hidden" && field.value !== field.defaultValue;
}

begin(document);

// Where a visitor comes from goes along to another language. The page does not know it: it is the same for everybody.
const source = new URLSearchParams(location.search).get("s");
function tellSource() {
  if (source) every(document, ".languages a", (link) => { link.search += `${link.search ? "&" : "?"}s=${encodeURIComponent(source)}`; });
}
tellSource();
