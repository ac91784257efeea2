import Domain
import Host

/// The refs that have files of their own below `refs`.
struct LooseRefs {
    /// The repository's folder that holds `refs`.
    let folder: String

    /// The ids in the files whose names start with `prefix`, by ref, and symbolic refs as nil.
    ///
    /// What is no ref is passed over: lock files, broken ones, names that git does not allow.
    func entries(prefix: String) throws(HostError) -> [String: String?] {
        var found: [String: String?] = [:]
        try collect(parentFolder(prefix + "x"), prefix, depth: 0, into: &found)
        return found
    }

    private func collect(
        _ name: String, _ prefix: String, depth: Int, into found: inout [String: String?]
    ) throws(HostError) {
        guard depth < depthMax else { return }
        let path = "\(folder)/\(name)"
        guard isFolder(path) else { return }
        for entry in try names(in: path) {
            let ref = "\(name)/\(entry)"
            guard isRefName(ref) else { continue }
            let isBelow = ref.utf8.starts(with: prefix.utf8)
            if isBelow || prefix.utf8.starts(with: "\(ref)/".utf8) {
                if isFolder("\(folder)/\(ref)") {
                    try collect(ref, prefix, depth: depth + 1, into: &found)
                } else if isBelow, let value = try value(of: ref) {
                    found[ref] = value
                }
            }
        }
    }

    /// Because git removes folders that have become empty, one that has gone holds nothing.
    private func names(in path: String) throws(HostError) -> [String] {
        do throws(HostError) {
            return try namesIn(path)
        } catch {
            if exists(path) { throw error }
            return []
        }
    }

    /// nil: no ref; a nil inside: a symbolic one.
    private func value(of ref: String) throws(HostError) -> String?? {
        let bytes: [UInt8]
        do throws(HostError) {
            bytes = try readFile("\(folder)/\(ref)", limitBytes: valueBytesMax)
        } catch {
            // Because a ref may be packed or deleted since its name was read.
            return nil
        }
        let text = String(decoding: bytes, as: UTF8.self)
        if text.hasPrefix("ref:") { return .some(nil) }
        let id = String(text.prefix { $0.isHexDigit })
        return ObjectID(id) == nil ? nil : .some(id)
    }
}

private let depthMax = 64
private let valueBytesMax = 4096
