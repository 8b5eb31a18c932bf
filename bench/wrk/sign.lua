-- wrk's part of `bench.signing`: each request signs with an address that was never used, from a network of its own.
-- Arguments: the run's name, and the status that is expected; any other is an error.
run, expected, number, wrong = "", 303, 0, 0
local threads = {}

function setup(t)
  t:set("index", #threads)
  table.insert(threads, t)
end

function init(args)
  run = args[1] or "run"
  expected = tonumber(args[2] or "303")
  wrong = 0
end

function request()
  number = number + 1
  local body = "name=Bench+Mark&old_enough=on&email=" .. run .. "-" .. index .. "-" .. number .. "%40example.org"
  return wrk.format("POST", nil, {
    ["Content-Type"] = "application/x-www-form-urlencoded",
    ["X-Forwarded-Proto"] = "https",
    ["X-Forwarded-For"] = (11 + index) .. "." .. (math.floor(number / 256) % 256) .. "." .. (number % 256) .. ".1",
  }, body)
end

function response(status)
  if status ~= expected then wrong = wrong + 1 end
end

function done(summary, latency)
  local refused = 0
  for _, t in ipairs(threads) do refused = refused + t:get("wrong") end
  local broken = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  io.write(string.format('RESULT {"done": %d, "refused": %d, "broken": %d, "seconds": %.3f, "p50": %.2f, "p95": %.2f, "p99": %.2f}\n',
    summary.requests, refused, broken, summary.duration / 1e6,
    latency:percentile(50) / 1000, latency:percentile(95) / 1000, latency:percentile(99) / 1000))
end
