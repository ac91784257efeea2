import Domain
import Testing

@testable import Web

@Suite(.timeLimit(.minutes(5))) struct MetricsTests {
    @Test func `the page is well formed and says what the journal and the daemon know`()
        async throws
    {
        try await Stand().serve { client in
            let page = try PrometheusPage(try await client.ask("/metrics").text)
            #expect(page["slipway_runs_total", ["state": "evaluated"]] == 1)
            #expect(page["slipway_runs_total", ["state": "failed"]] == 1)
            #expect(page["slipway_runs_total", ["state": "cancelled"]] == 0)
            #expect(page["slipway_runs_running"] == 1)
            #expect(page["slipway_models", ["phase": "released"]] == 1)
            #expect(page["slipway_models", ["phase": "failed"]] == 1)
            #expect(page["slipway_decisions_total"] == Double(Samples.decisions.count))
            #expect(page["slipway_problems"] == 1)
            #expect(page["slipway_environment_up", ["environment": "production"]] == 1)
            #expect(page["slipway_environment_up", ["environment": "staging"]] == 0)
            var labels = ["model": "digits", "environment": "production"]
            #expect(page["slipway_live_requests_total", labels] == 20)
            #expect(page["slipway_live_failed_requests_total", labels] == 1)
            labels["version"] = "v1.1.0"
            #expect(page["slipway_live_info", labels] == 1)
            #expect(page["process_resident_memory_bytes"] == 12_345_678)
            #expect(page["process_cpu_seconds_total"] == 1.25)
            #expect(page["process_start_time_seconds"] == 1_790_000_000.5)
            #expect(page["slipway_turns_total"] == 3)
            #expect(page["slipway_lag_seconds"] == 0.25)
        }
    }

    @Test func `the families and their types are those of the documentation`() async throws {
        var stand = try await Stand()
        stand.sources.counters = { [:] }
        var documented: [String: String] = [:]
        for line in try documentation().split(separator: "\n") {
            let cells = line.split(separator: "|").map { $0.filter { $0 != " " && $0 != "`" } }
            guard cells.count == 4, ["counter", "gauge"].contains(cells[1]) else { continue }
            documented[cells[0]] = cells[1]
        }
        #expect(documented.count == 12)
        try await stand.serve { [documented] client in
            let page = try PrometheusPage(try await client.ask("/metrics").text)
            #expect(page.kinds == documented)
        }
    }

    @Test func `nothing that the daemon counts or hears breaks the page`() async throws {
        var stand = try await Stand()
        stand.sources.counters = {
            [
                "slipway_models": 7, "slipway_runs_total": 7, "bad name": 1, "1st": 1, "": 1,
                "a:b": -.infinity, "slipway_nan": .nan, "slipway_tiny": 1e-300,
                "slipway_huge": 1e300,
            ]
        }
        stand.sources.live = {
            var live = Samples.live
            let twice = Samples.live[Samples.production]!.models
            live[Samples.production]!.models += twice
            return live
        }
        stand.sources.process = { nil }
        try await stand.serve { client in
            let page = try PrometheusPage(try await client.ask("/metrics").text)
            #expect(page["slipway_models", ["phase": "released"]] == 1)
            #expect(page["slipway_models"] == nil)
            #expect(page["a:b"] == -.infinity)
            #expect(page["slipway_nan"]?.isNaN == true)
            #expect(page["slipway_tiny"] == 1e-300)
            #expect(page["slipway_huge"] == 1e300)
            #expect(page.kinds["process_cpu_seconds_total"] == nil)
        }
    }

    @Test func `any text can be a label's value and any line help`() throws {
        let texts = ["", "a\"b", "a\\b", "a\nb", "\\n", "\\\"", "ü, {x=\"y\"} #", "a\r\nb", "\\"]
        var text = MetricsText()
        text.add(
            "x", .gauge, "say \"no\" \\ or\nyes",
            texts.map { MetricsText.Sample([("a", $0), ("b", "c")], 1) })
        let page = try PrometheusPage(text.text)
        #expect(page.help["x"] == "say \"no\" \\ or\nyes")
        #expect(page.values.count == texts.count)
        for value in texts { #expect(page["x", ["a": value, "b": "c"]] == 1, "\(value)") }
    }

    @Test(arguments: [
        "# HELP a b\n# TYPE a gauge\na 1", "# HELP a b\na 1\n", "# TYPE a gauge\na 1\n", "a 1\n",
        "# HELP a b\n# HELP a b\n# TYPE a gauge\na 1\n", "# HELP a b\n# TYPE a gauge\n",
        "# HELP a b\n# TYPE a gauge\na 1\n# TYPE a gauge\na{b=\"c\"} 1\n",
        "# HELP a b\n# TYPE a gauge\na 1\na 2\n", "# HELP a b\n# TYPE a gauge\na{b=\"\\x\"} 1\n",
        "# HELP a b\n# TYPE a gauge\na{b=\"c\"\"} 1\n", "# HELP a b\n# TYPE a gauge\na 0x1\n",
        "# HELP a \\\"\n# TYPE a gauge\na 1\n", "# HELP a b\n# TYPE a other\na 1\n",
        "# HELP a b\n# TYPE a counter\na 1\n", "# HELP a b\n# TYPE a gauge\na inf\n",
        "# HELP a b\n# TYPE a gauge\n\na 1\n", "# HELP a b\n# TYPE a gauge\na 1 \n",
        "# HELP a_total b\n# TYPE a_total counter\na_total -1\n",
        "# HELP a b\n# TYPE a gauge\na{b=\"c\",b=\"d\"} 1\n", "# HELP a b\n# TYPE a gauge\nb 1\n",
    ])
    func `the reader of these tests refuses what is wrong`(text: String) {
        #expect(throws: PrometheusPage.Wrong.self) { try PrometheusPage(text) }
    }
}
