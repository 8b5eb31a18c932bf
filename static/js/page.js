// Comforts of a page. Everything here can be missing: the page works without.
import { mailHosts } from "./mail_host.js";
import { copying, printing, sharing } from "./share.js";
import { signing } from "./sign.js";
import { videos } from "./video.js";

for (const element of document.querySelectorAll("[data-needs-script]")) element.hidden = false;
copying(document);
mailHosts(document);
printing(document);
sharing(document);
signing(document);
videos(document);
