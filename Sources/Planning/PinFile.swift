package import Domain
import FoundationEssentials

/// What the bot found below the prefix that a dataset follows: `datasets/<name>.pins.json`.
///
/// One JSON object with sorted keys, one file a line, the files in the order of their paths' bytes,
/// a line feed at the end:
///
///     {"files":[
///     {"bytes":123,"etag":"…","path":"data/d/a.csv","sha256":"…","url":"s3://b/p/a.csv"}
///     ],"source":"s3://b/p/"}
package struct PinFile: Hashable, Sendable {
    /// One object as it was found.
    package struct File: Hashable, Sendable, Codable {
        /// Where it is laid in a checkout, from the repository's root.
        package var path: String
        package var url: String
        package var sha256: Digest
        package var bytes: Int
        /// What the store calls this content, to notice a change without reading; no digest.
        package var etag: String?

        package init(path: String, url: String, sha256: Digest, bytes: Int, etag: String? = nil) {
            self.path = path
            self.url = url
            self.sha256 = sha256
            self.bytes = bytes
            self.etag = etag
        }
    }

    /// The most bytes that such a file may have.
    package static let bytesMax = 16 << 20

    /// The prefix that was looked at: `s3://<bucket>/<prefix>/`.
    package let source: String
    /// In the order of their paths' bytes.
    package let files: [File]

    package init(source: String, files: [File]) {
        self.source = source
        self.files = files.sorted { isBefore($0.path, $1.path) }
    }

    /// Where the pins of a dataset stand.
    package static func path(of dataset: DatasetName) -> String {
        "datasets/\(dataset)\(ending)"
    }

    /// Reads what `encoded` writes, and any other form of the same JSON.
    package init(decoding bytes: [UInt8]) throws(PinFileFault) {
        guard bytes.count <= Self.bytesMax else { throw PinFileFault("has over 16 MiB") }
        let wire: Wire
        do {
            wire = try JSONDecoder().decode(Wire.self, from: Data(bytes))
        } catch let error as DecodingError {
            throw PinFileFault(error)
        } catch {
            throw PinFileFault("is not JSON")
        }
        // Because only in our own form is it known where a file stands.
        let hasLines = bytes.count { $0 == 0x0A } == wire.files.count + 2
        if let problem = ObjectAddress.prefixProblem(wire.source) {
            throw PinFileFault("`source` \(problem)")
        }
        var paths: Set<String> = []
        for (number, file) in wire.files.enumerated() {
            let line = hasLines ? number + 2 : nil
            if repositoryPath(file.path) != file.path {
                throw PinFileFault("`\(quoted(file.path))` is not inside the repository", line)
            }
            if !paths.insert(file.path).inserted {
                throw PinFileFault("the file `\(quoted(file.path))` is named twice", line)
            }
            if let problem = ObjectAddress.problem(file.url) {
                throw PinFileFault("`url: \(quoted(file.url))` \(problem)", line)
            }
            if file.bytes < 0 { throw PinFileFault("`bytes` is below 0", line) }
        }
        self.init(source: wire.source, files: wire.files)
    }

    /// The canonical form.
    package var encoded: [UInt8] {
        var bytes = Array("{\"files\":[\n".utf8)
        for (number, file) in files.enumerated() {
            bytes += json(file)
            bytes += Array(number == files.count - 1 ? "\n".utf8 : ",\n".utf8)
        }
        return bytes + Array("],\"source\":".utf8) + json(source) + Array("}\n".utf8)
    }

    /// The line on which a file stands in the canonical form, from 1.
    static func line(ofFile number: Int) -> Int { number + 2 }

    /// The dataset whose pins stand at a path; nil for any other path.
    static func dataset(at path: String) -> String? {
        guard path.hasSuffix(ending), let rest = inside("datasets", path),
            !rest.utf8.contains(0x2F)
        else { return nil }
        return String(rest.dropLast(ending.utf8.count))
    }

    private static let ending = ".pins.json"

    private struct Wire: Decodable {
        var files: [File]
        var source: String
    }
}

/// Why a file of pins cannot be read.
package struct PinFileFault: Error, Hashable, Sendable {
    /// One line of fact, without the file's name.
    package var message: String
    /// From 1; nil: not known.
    package var line: Int?

    init(_ message: String, _ line: Int? = nil) {
        self.message = message
        self.line = line
    }

    fileprivate init(_ error: DecodingError) {
        switch error {
        case .keyNotFound(let key, let context):
            self.init("`\(Self.name(context.codingPath + [key]))` is missing")
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            self.init("`\(Self.name(context.codingPath))` has the wrong type")
        case .dataCorrupted(let context) where !context.codingPath.isEmpty:
            self.init("`\(Self.name(context.codingPath))` is not what it must be")
        case .dataCorrupted: self.init("is not JSON")
        @unknown default: self.init("is not JSON")
        }
    }

    private static func name(_ path: [any CodingKey]) -> String {
        path.reduce(into: "") { name, key in
            if let index = key.intValue {
                name += "[\(index)]"
            } else {
                name += name.isEmpty ? key.stringValue : ".\(key.stringValue)"
            }
        }
    }
}

/// One line of JSON with sorted keys.
private func json(_ value: some Encodable) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Because texts and whole numbers always have a form in JSON.
    guard let data = try? encoder.encode(value) else { return Array("null".utf8) }
    return Array(data)
}
