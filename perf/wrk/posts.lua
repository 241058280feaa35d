-- GET /api/streams/<slug>/posts of a random stream among those the seeder made.
-- wrk ... -s posts.lua URL -- [streams]

local threads = 0

function setup(thread)
  threads = threads + 1
  thread:set("seed", os.time() + threads * 7919)
end

function init(args)
  local streams = tonumber(args[1]) or 1000
  math.randomseed(seed)
  requests = {}
  for i = 1, streams do
    requests[i] = wrk.format("GET", string.format("/api/streams/perf-%04d/posts", i))
  end
  count = streams
end

function request()
  return requests[math.random(count)]
end

function done(summary, latency, times)
  local e = summary.errors
  io.write(string.format("RESULT %.0f %.3f %.3f %.3f %d\n",
    summary.requests / (summary.duration / 1e6),
    latency:percentile(50) / 1000, latency:percentile(99) / 1000, latency.max / 1000,
    e.connect + e.read + e.write + e.status + e.timeout))
end
