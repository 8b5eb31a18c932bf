-- wrk's part of `bench.evening`: each connection reads the page, then waits. Argument: how long, in milliseconds.
-- Anything but a 200 is an error.
pause, wrong = 50, 0
local threads = {}

function setup(t)
  table.insert(threads, t)
end

function init(args)
  pause = tonumber(args[1] or "50")
  wrong = 0
end

function delay()
  return pause * (0.5 + math.random())
end

function request()
  return wrk.format("GET", nil, { ["X-Forwarded-Proto"] = "https", ["Accept-Encoding"] = "gzip" })
end

function response(status)
  if status ~= 200 then wrong = wrong + 1 end
end

function done(summary, latency)
  local refused = 0
  for _, t in ipairs(threads) do refused = refused + t:get("wrong") end
  local broken = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  io.write(string.format('RESULT {"done": %d, "refused": %d, "broken": %d, "seconds": %.3f, "p50": %.2f, "p95": %.2f, "p99": %.2f}\n',
    summary.requests, refused, broken, summary.duration / 1e6,
    latency:percentile(50) / 1000, latency:percentile(95) / 1000, latency:percentile(99) / 1000))
end
