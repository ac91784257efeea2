package import Domain

/// The tag `<model>@v<semver>` as it stands in the object database, and what its message says.
///
///     object <commit>            four headers in this order, then an empty line
///     type commit
///     tag <model>@v<semver>
///     tagger …
///
///     <model> v<semver>
///
///     Candidate: <fingerprint>   the last paragraph before a signature
///     Evidence: <digest>
///     Artifact: <digest>
///     Dataset: <name> <digest>   any number
///     Approved-by: <principal>   any number
///     Config-Commit: <commit>
package struct VersionTag: Hashable, Sendable {
    package let model: ModelName
    package let version: SemanticVersion
    /// The commit that the tag sits on.
    package let target: CommitID
    package let candidate: Fingerprint
    package let evidence: Digest
    package let artifact: Digest
    package let datasets: [DatasetName: Digest]
    package let approvedBy: [Principal]
    package let configCommit: CommitID
    package let isSigned: Bool

    /// Longer tags are refused unread.
    package static let bytesMax = 1 << 20

    /// Reads the object that the ref `refs/tags/<model>@v<semver>` points at, without its type and
    /// size.
    ///
    /// The name in the object and the first line of its message must say the same as the ref: git
    /// itself accepts a signed tag object under any other name.
    package init(ref: String, raw: [UInt8]) throws(ProvenanceError) {
        guard raw.count <= Self.bytesMax else { throw .tagMalformed("it is far too large") }
        let lines = raw.split(separator: 10, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        func header(_ index: Int, _ name: String) throws(ProvenanceError) -> String {
            guard index < lines.count, lines[index].hasPrefix(name + " ") else {
                throw .tagMalformed("it has no header `\(name)` where one must stand")
            }
            return String(lines[index].dropFirst(name.count + 1))
        }
        guard let target = CommitID(try header(0, "object")) else {
            throw .tagMalformed("its object is not an object id")
        }
        self.target = target
        guard try header(1, "type") == "commit" else {
            throw .tagMalformed("it does not point at a commit")
        }
        let name = try header(2, "tag")
        _ = try header(3, "tagger")
        guard lines.count > 4, lines[4].isEmpty else {
            throw .tagMalformed("no empty line follows its headers")
        }
        guard ref == "refs/tags/\(name)" else {
            throw .tagMalformed(
                "the object says that it is `\(oneLine(name))`, and the ref is "
                    + "`\(oneLine(shortened(ref)))`")
        }
        let body = lines[5...]
        let signature = body.firstIndex { $0.hasPrefix("-----BEGIN ") }
        isSigned = signature != nil
        let message = Trailers(body[..<(signature ?? body.endIndex)])
        let words = message.subject.split(separator: " ").map(String.init)
        guard words.count == 2, let model = ModelName(words[0]),
            let version = SemanticVersion(words[1]), name == "\(model)@\(version)"
        else {
            throw .tagMalformed("its first line, `\(oneLine(message.subject))`, names another")
        }
        self.model = model
        self.version = version
        candidate = try message.one("Candidate", Fingerprint.init)
        evidence = try message.one("Evidence", Digest.init)
        artifact = try message.one("Artifact", Digest.init)
        configCommit = try message.one("Config-Commit", CommitID.init)
        approvedBy = message.all("Approved-by").map { Principal($0) }
        datasets = try message.datasets()
    }
}

/// The first line and the `Name: value` lines of the last paragraph.
private struct Trailers {
    let subject: String
    private let pairs: [(name: String, value: String)]

    init(_ lines: ArraySlice<String>) {
        subject = lines.first ?? ""
        let end = (lines.lastIndex { !$0.isEmpty } ?? lines.startIndex - 1) + 1
        let start = (lines[..<end].lastIndex(of: "") ?? end - 1) + 1
        pairs = lines[start..<end].compactMap { line in
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, parts[1].hasPrefix(" ") else { return nil }
            return (String(parts[0]), String(parts[1].dropFirst()))
        }
    }

    func all(_ name: String) -> [String] { pairs.filter { $0.name == name }.map(\.value) }

    func one<Value>(
        _ name: String, _ read: (String) -> Value?
    ) throws(ProvenanceError) -> Value {
        let values = all(name)
        guard values.count == 1, let value = read(values[0]) else {
            throw .tagMalformed("it needs one readable line `\(name):`")
        }
        return value
    }

    func datasets() throws(ProvenanceError) -> [DatasetName: Digest] {
        var datasets: [DatasetName: Digest] = [:]
        for value in all("Dataset") {
            let words = value.split(separator: " ").map(String.init)
            guard words.count == 2, let name = DatasetName(words[0]),
                let digest = Digest(words[1]), datasets.updateValue(digest, forKey: name) == nil
            else { throw .tagMalformed("a line `Dataset:` is not one name and one digest") }
        }
        return datasets
    }
}
