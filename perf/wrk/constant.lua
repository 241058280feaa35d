-- GET of one path that always answers with the same body: what the server can do at most.
-- wrk ... -s constant.lua URL -- [path]

function init(args)
  target = wrk.format("GET", args[1] or "/")
end

function request()
  return target
end

function done(summary, latency, times)
  local e = summary.errors
  io.write(string.format("RESULT %.0f %.3f %.3f %.3f %d\n",
    summary.requests / (summary.duration / 1e6),
    latency:percentile(50) / 1000, latency:percentile(99) / 1000, latency.max / 1000,
    e.connect + e.read + e.write + e.status + e.timeout))
end
