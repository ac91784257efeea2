import Domain
import Host

/// Where a secret is; it is read when it is needed, and never kept.
enum SecretPlace: Hashable, Sendable {
    case file(String)
    case environment(String)
    /// It stands in the configuration itself.
    case plain(String)

    private static let bytesMax = 1 << 16

    /// Returns the secret without the line break at its end; the failure names the place alone.
    func read(_ what: String) throws(Failure) -> [UInt8] {
        var bytes = try bytes(what)
        while let last = bytes.last, last == 10 || last == 13 { bytes.removeLast() }
        guard !bytes.isEmpty else {
            throw Failure("\(what) is empty", at: place, hint: "put it there", .stalled)
        }
        return bytes
    }

    /// As `read`, as text.
    func text(_ what: String) throws(Failure) -> String {
        String(decoding: try read(what), as: UTF8.self)
    }

    private func bytes(_ what: String) throws(Failure) -> [UInt8] {
        switch self {
        case .plain(let text): return Array(text.utf8)
        case .environment(let name):
            guard let text = environmentVariable(name) else {
                throw Failure(
                    "\(what) is not set", at: place,
                    hint: "set the variable where the daemon is started", .stalled)
            }
            return Array(text.utf8)
        case .file(let path):
            do throws(HostError) {
                return try readFile(path, limitBytes: Self.bytesMax)
            } catch {
                throw Failure(
                    "\(what) cannot be read: \(error.failure.what)", at: place,
                    hint: "put it there, readable by the daemon's user", .stalled)
            }
        }
    }

    private var place: String {
        switch self {
        case .file(let path): path
        case .environment(let name): "$\(name)"
        case .plain: "config.json"
        }
    }
}
