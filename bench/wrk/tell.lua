-- What both scripts tell at the end: a line of JSON. Included with dofile; wrk is started in the project's folder.
local threads = {}

function setup(t)
  t:set("index", #threads)
  table.insert(threads, t)
end

function done(summary, latency)
  local refused = 0
  for _, t in ipairs(threads) do refused = refused + t:get("wrong") end
  local broken = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  io.write(string.format('RESULT {"done": %d, "refused": %d, "broken": %d, "seconds": %.3f, "p50": %.2f, "p95": %.2f, "p99": %.2f}\n',
    summary.requests, refused, broken, summary.duration / 1e6,
    latency:percentile(50) / 1000, latency:percentile(95) / 1000, latency:percentile(99) / 1000))
end
