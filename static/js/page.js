// Comforts of a page. Everything here can be missing: the page works without.
import { copying, printing, sharing } from "./share.js";
import { signing } from "./sign.js";
import { videos } from "./video.js";

for (const element of document.querySelectorAll("[data-needs-script]")) element.hidden = false;
copying(document);
printing(document);
sharing(document);
signing(document);
videos(document);
