-- wrk's part of `bench.evening`: each connection reads the page, then waits. Argument: how long, in milliseconds.
-- Anything but a 200 is an error.
pause, number, wrong = 50, 0, 0
dofile("bench/wrk/tell.lua")

function init(args)
  pause = tonumber(args[1] or "50")
  wrong = 0
end

function delay()
  return pause * (0.5 + math.random())
end

function request()
  number = number + 1
  return wrk.format("GET", nil, {
    ["X-Forwarded-Proto"] = "https",
    ["Accept-Encoding"] = "gzip",
    -- Many people, each at an address of their own.
    ["X-Forwarded-For"] = "198." .. (number % 2 + 18) .. "." .. (math.floor(number / 256) % 256) .. "." .. (number % 256),
  })
end

function response(status)
  if status ~= 200 then wrong = wrong + 1 end
end
