-- wrk's part of `bench.signing`: each request signs with an address that was never used, from a network of its own.
-- Arguments: the run's name, and the status that is expected; any other is an error.
run, expected, number, wrong = "", 303, 0, 0
dofile("bench/wrk/tell.lua")

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
