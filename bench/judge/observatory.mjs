// MDN's HTTP Observatory, its own code, over answers of a site that stands on ports of this machine.
// observatory.mjs FOLDER HOST TLS PLAIN PATH…: prints the points of each path as JSON.
//
// Its own command asks https://HOST/ and refuses an error page; here each path is asked for, at the ports a site has, and
// only the connections go elsewhere.
import fs from "node:fs";
import net from "node:net";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [folder, host, tls, plain, ...paths] = process.argv.slice(2);
const ports = { 443: Number(tls), 80: Number(plain) };
const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function (...told) {
  const options = Array.isArray(told[0]) ? told[0][0] : told[0];
  if (options?.port in ports) {
    options.port = ports[options.port];
    options.host = "127.0.0.1";
  }
  return connect.apply(this, told);
};

// The list of names that browsers ask by https anyway is fetched when the package is installed. Ours is not in it.
const conf = path.join(folder, "conf");
fs.mkdirSync(conf, { recursive: true });
if (!fs.existsSync(path.join(conf, "hsts-preload.json"))) fs.writeFileSync(path.join(conf, "hsts-preload.json"), "{}");

const own = (name) => import(pathToFileURL(path.join(folder, "src", name)));
const { retrieve } = await own("retriever/retriever.js");
const { ALL_TESTS } = await own("constants.js");
const { getScoreModifier } = await own("grader/grader.js");
const { MINIMUM_SCORE_FOR_EXTRA_CREDIT } = await own("grader/charts.js");

const found = {};
for (const one of paths) {
  const answers = await retrieve(host, { path: one });
  if (!answers.responses.auto) throw new Error(`${one}: no answer`);
  let points = 100;
  let without = 100; // no credit where something is missing
  const lost = [];
  for (const test of ALL_TESTS) {
    const { result } = test(answers);
    if (!result) continue;
    const more = getScoreModifier(result);
    points += more;
    if (more < 0) {
      without += more;
      lost.push(`${result} ${more}`);
    }
  }
  found[one] = {
    status: answers.responses.auto.status,
    points: without >= MINIMUM_SCORE_FOR_EXTRA_CREDIT ? points : without,
    lost,
  };
}
console.log(JSON.stringify(found));
process.exit(0);
