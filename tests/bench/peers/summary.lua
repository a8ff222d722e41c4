-- summary: what wrk has seen, as one line of JSON, the last that it prints.
function done(summary, latency)
    print(string.format('{"requests":%d,"us":%d,"bad":%d,"lost":%d,"p50_us":%d,"p99_us":%d}',
        summary.requests, summary.duration, summary.errors.status, summary.errors.connect +
        summary.errors.read + summary.errors.write + summary.errors.timeout,
        latency:percentile(50), latency:percentile(99)))
end
