import NIOCore
import NIOHTTP1

extension ClientHandler {
    /// Sends the complete request where its path says, or answers it here.
    func route() {
        switch Endpoint(uri: head.uri) {
        case .predict(let model, let version):
            pass(.POST, model, version, "/v1/models/\(model):predict", isPrediction: true)
        case .infer(let model, let version):
            pass(.POST, model, version, "/v2/models/\(model)/infer", isPrediction: true)
        case .metadata(let model, let version):
            pass(.GET, model, version, "/v2/models/\(model)", isPrediction: false)
        case .modelReady(let model, let version):
            pass(.GET, model, version, "/v2/health/ready", isPrediction: false)
        case .status(let model, let version): answerStatus(model, version)
        case .serverMetadata:
            answerGet("{\"name\":\"slipway\",\"version\":\"1\",\"extensions\":[]}")
        case .live: answerGet("{\"live\":true}")
        case .ready: answerReady()
        case .metrics:
            answerGet(loop.shared.snapshot.prometheus, "text/plain; version=0.0.4")
        case .other(let path): answerPage(path)
        }
    }

    /// Passes the request on under `path`, which is where a runtime answers for any version.
    private func pass(
        _ method: HTTPMethod, _ model: String, _ version: String?, _ path: String,
        isPrediction: Bool
    ) {
        guard head.method == method else { return refuseMethod(allowed: method) }
        switch loop.shared.table.take(model, version: version) {
        case .upstream(let upstream):
            proxy(to: upstream, path: path, isPrediction: isPrediction)
        case .notReady(let counters):
            if isPrediction { counters.record(seconds: 0, failed: true) }
            answerNotReady(model)
        case .unknown(let served): answerUnknown(model, served: served)
        case .otherVersion(let live): answerOtherVersion(model, live: live)
        }
    }

    private func answerStatus(_ model: String, _ version: String?) {
        guard head.method == .GET else { return refuseMethod(allowed: .GET) }
        switch loop.shared.table.take(model, version: version) {
        case .upstream(let upstream):
            upstream.release()
            answer(
                .ok,
                "{\"model_version_status\":[{\"version\":\"\(upstream.route.number)\","
                    + "\"state\":\"AVAILABLE\",\"status\":{\"error_code\":\"OK\","
                    + "\"error_message\":\"\"}}]}",
                headers: [
                    ("Slipway-Model-Version", upstream.versionText),
                    ("Slipway-Deployment", upstream.numberText),
                ])
        case .notReady: answerNotReady(model)
        case .unknown(let served): answerUnknown(model, served: served)
        case .otherVersion(let live): answerOtherVersion(model, live: live)
        }
    }

    private func answerReady() {
        guard head.method == .GET else { return refuseMethod(allowed: .GET) }
        if loop.isDraining {
            answer(.serviceUnavailable, "{\"ready\":false}")
        } else {
            answer(.ok, "{\"ready\":true}")
        }
    }

    private func answerPage(_ path: String) {
        guard let page = loop.shared.pages[path] else {
            return answer(.notFound, error: "no such path: `\(path)`")
        }
        guard head.method == .GET else { return refuseMethod(allowed: .GET) }
        let content = page()
        answer(.ok, content.body, contentType: content.contentType)
    }

    private func answerGet(_ text: String, _ contentType: String = "application/json") {
        guard head.method == .GET else { return refuseMethod(allowed: .GET) }
        answer(.ok, text, contentType: contentType)
    }

    private func answerNotReady(_ model: String) {
        answer(
            .serviceUnavailable, error: "model `\(model)` is not ready yet",
            headers: [("Retry-After", "1")])
    }

    private func answerUnknown(_ model: String, served: [String]) {
        let names = served.isEmpty ? "none" : served.prefix(20).joined(separator: ", ")
        answer(
            .notFound, error: "model `\(model.prefix(80))` is not served here; served: \(names)")
    }

    private func answerOtherVersion(_ model: String, live: Route) {
        answer(
            .notFound,
            error: "this version of `\(model)` is not live; live: "
                + "\(live.version) (deployment \(live.number))")
    }

    private func refuseMethod(allowed: HTTPMethod) {
        answer(
            .methodNotAllowed, error: "only \(allowed.rawValue) is allowed here",
            headers: [("Allow", allowed.rawValue)])
    }

    /// Answers with `{"error": message}`, as both protocols ask for.
    func answer(
        _ status: HTTPResponseStatus, error message: String, headers: [(String, String)] = []
    ) {
        answer(status, "{\"error\":\(jsonString(message))}", headers: headers)
    }

    /// Answers the request under way with a small body of the gateway's own.
    func answer(
        _ status: HTTPResponseStatus, _ text: String, contentType: String = "application/json",
        headers: [(String, String)] = []
    ) {
        let closing = closesAfterAnswer
        var fields = HTTPHeaders(headers)
        fields.add(name: "Content-Type", value: contentType)
        fields.add(name: "Content-Length", value: String(text.utf8.count))
        ProxyHeaders.addConnection(to: &fields, version: head.version, closing: closing)
        write(.head(HTTPResponseHead(version: head.version, status: status, headers: fields)))
        if head.method != .HEAD {
            write(.body(.byteBuffer(ByteBuffer(string: text))))
        }
        write(.end(nil), flushing: true)
        finishAnswer(closing: closing)
    }
}
