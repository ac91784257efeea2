extension GatewaySnapshot {
    /// The counts in Prometheus' text format, version 0.0.4.
    ///
    /// Source: https://prometheus.io/docs/instrumenting/exposition_formats/
    package var prometheus: String {
        var text = family("slipway_gateway_connections", "gauge", "Client connections open.")
        text += "slipway_gateway_connections \(connections)\n"
        text += family("slipway_gateway_requests_total", "counter", "Predictions answered.")
        for model in models {
            text += "slipway_gateway_requests_total{model=\"\(model.model)\"} \(model.requests)\n"
        }
        text += family(
            "slipway_gateway_failed_requests_total", "counter",
            "Predictions answered with 5xx or not at all.")
        for model in models {
            text +=
                "slipway_gateway_failed_requests_total{model=\"\(model.model)\"} \(model.failed)\n"
        }
        text += family("slipway_gateway_in_flight", "gauge", "Predictions under way.")
        for model in models {
            text += "slipway_gateway_in_flight{model=\"\(model.model)\"} \(model.inFlight)\n"
        }
        text += family("slipway_gateway_version_info", "gauge", "The version that answers.")
        for model in models {
            guard let version = model.version, let number = model.number else { continue }
            text += "slipway_gateway_version_info{model=\"\(model.model)\","
            text += "version=\"\(version)\",deployment=\"\(number)\"} 1\n"
        }
        text += family("slipway_gateway_latency_seconds", "histogram", "Time to the whole answer.")
        for model in models { text += histogram(of: model) }
        return text
    }

    private func family(_ name: String, _ kind: String, _ help: String) -> String {
        "# HELP \(name) \(help)\n# TYPE \(name) \(kind)\n"
    }

    private func histogram(of model: ModelTraffic) -> String {
        let name = "slipway_gateway_latency_seconds"
        let bounds = LatencyHistogram.boundsSeconds.map { "\($0)" } + ["+Inf"]
        var text = ""
        var total = 0
        for (bound, count) in zip(bounds, model.latency.counts) {
            total += count
            text += "\(name)_bucket{model=\"\(model.model)\",le=\"\(bound)\"} \(total)\n"
        }
        text += "\(name)_sum{model=\"\(model.model)\"} \(model.latency.sumSeconds)\n"
        text += "\(name)_count{model=\"\(model.model)\"} \(total)\n"
        return text
    }
}
