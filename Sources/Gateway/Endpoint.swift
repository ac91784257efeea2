/// What a request's path asks for.
///
/// Sources: TensorFlow Serving's REST API (`/v1/models/<m>[/versions/<n>][:predict]`) and the Open
/// Inference Protocol 2 (`/v2`, `/v2/health/…`, `/v2/models/<m>[/versions/<n>][/infer|/ready]`).
enum Endpoint: Equatable {
    case predict(model: String, version: String?)
    case infer(model: String, version: String?)
    case status(model: String, version: String?)
    case metadata(model: String, version: String?)
    case modelReady(model: String, version: String?)
    case serverMetadata
    case live
    case ready
    case metrics
    /// Anything else: one of the pages that the host of the gateway added, or nothing.
    case other(String)

    init(uri: String) {
        let text = uri.utf8
        let end = text.firstIndex(of: UInt8(ascii: "?")) ?? text.endIndex
        let path = uri[..<end]
        if path.utf8.starts(with: "/v1/models/".utf8) {
            self = Self.version1(Substring(path.utf8.dropFirst(11))) ?? .other(String(path))
        } else if path.utf8.starts(with: "/v2/models/".utf8) {
            self = Self.version2(Substring(path.utf8.dropFirst(11))) ?? .other(String(path))
        } else {
            self = Self.plain(path)
        }
    }

    private static func plain(_ path: Substring) -> Endpoint {
        switch path {
        case "/v2", "/v2/": .serverMetadata
        case "/v2/health/live": .live
        case "/v2/health/ready": .ready
        case "/metrics": .metrics
        default: .other(String(path))
        }
    }

    /// `rest` is what follows `/v1/models/`.
    private static func version1(_ rest: Substring) -> Endpoint? {
        let colon = rest.utf8.firstIndex(of: UInt8(ascii: ":"))
        guard let (model, version, tail) = named(rest[..<(colon ?? rest.endIndex)]), tail.isEmpty
        else { return nil }
        guard let colon else { return .status(model: model, version: version) }
        return rest[colon...] == ":predict" ? .predict(model: model, version: version) : nil
    }

    /// `rest` is what follows `/v2/models/`.
    private static func version2(_ rest: Substring) -> Endpoint? {
        guard let (model, version, tail) = named(rest) else { return nil }
        switch tail {
        case "/infer": return .infer(model: model, version: version)
        case "/ready": return .modelReady(model: model, version: version)
        case "": return .metadata(model: model, version: version)
        default: return nil
        }
    }

    /// Splits `<model>[/versions/<version>]<tail>`; nil when a name is empty.
    private static func named(
        _ text: Substring
    ) -> (model: String, version: String?, tail: Substring)? {
        let slash = UInt8(ascii: "/")
        let modelEnd = text.utf8.firstIndex(of: slash) ?? text.endIndex
        let model = String(text[..<modelEnd])
        let rest = text[modelEnd...]
        guard !model.isEmpty else { return nil }
        guard rest.utf8.starts(with: "/versions/".utf8) else { return (model, nil, rest) }
        let versionText = Substring(rest.utf8.dropFirst(10))
        let versionEnd = versionText.utf8.firstIndex(of: slash) ?? versionText.endIndex
        guard versionEnd > versionText.startIndex else { return nil }
        return (model, String(versionText[..<versionEnd]), versionText[versionEnd...])
    }
}
