package import Domain

/// What the message of an approval tag says: a comment, an empty line, then trailers.
///
///     Recall of class 8 is up, and the slices look right.
///
///     Evidence: 5f…(64 lower-case hex digits)
///     Lifts: v1.1.0
///
/// `Lifts:` stands there when the evidence lifts a hold, so that the reviewer reads what they sign.
package struct ApprovalMessage: Hashable, Sendable {
    package var comment: String
    package var evidence: Digest
    /// The held version that comes back; only for people, the evidence itself decides.
    package var lifts: SemanticVersion?

    package init(comment: String, evidence: Digest, lifts: SemanticVersion? = nil) {
        self.comment = comment
        self.evidence = evidence
        self.lifts = lifts
    }

    /// Reads the message of a tag without its signature.
    ///
    /// The last paragraph must consist of trailers alone, with exactly one `Evidence:`.
    package init(parsing bytes: [UInt8]) throws(ReviewError) {
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .map { trimmedEnd(String(decoding: $0, as: UTF8.self)) }
        let end = (lines.lastIndex { !$0.isEmpty } ?? -1) + 1
        let start = (lines[..<end].lastIndex(of: "") ?? -1) + 1
        let block = lines[start..<end]
        let values = block.filter { $0.hasPrefix("Evidence:") }.map(trailerValue)
        guard let value = values.first else {
            let isElsewhere = lines.contains { $0.hasPrefix("Evidence:") }
            throw isElsewhere ? .evidenceOutsideTrailers : .evidenceMissing
        }
        guard block.allSatisfy(isTrailer) else { throw .evidenceOutsideTrailers }
        guard values.count == 1 else { throw .evidenceRepeated }
        guard let digest = Digest(value) else { throw .evidenceMalformed(value) }
        evidence = digest
        lifts = block.first { $0.hasPrefix("Lifts:") }
            .flatMap { SemanticVersion(trailerValue($0)) }
        comment = trimmedLines(lines[..<start]).joined(separator: "\n")
    }

    /// The text that a reviewer signs; it ends in a newline.
    package var text: String {
        var lines = comment.utf8.split(
            separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false
        )
        .map { trimmedEnd(String(decoding: Array($0.filter { $0 != 0 }), as: UTF8.self)) }
        .map { $0.hasPrefix("-----BEGIN ") ? " " + $0 : $0 }
        lines = trimmedLines(lines[...])
        if !lines.isEmpty { lines.append("") }
        lines.append("Evidence: \(evidence)")
        if let lifts { lines.append("Lifts: \(lifts)") }
        return lines.joined(separator: "\n") + "\n"
    }
}

/// Returns the message for `git tag -s --cleanup=verbatim -F -`, in the form that `check` reads.
package func approvalMessage(
    comment: String, evidence: Digest, lifts: SemanticVersion? = nil
) -> String {
    ApprovalMessage(comment: comment, evidence: evidence, lifts: lifts).text
}

/// `Token: value`, or a line that continues the one above.
private func isTrailer(_ line: String) -> Bool {
    let bytes = line.utf8
    if let first = bytes.first, first == 32 || first == 9 { return true }
    guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else { return false }
    let token = bytes[..<colon]
    return !token.isEmpty && token.allSatisfy { $0 > 32 && $0 != 127 }
}

private func trailerValue(_ trailer: String) -> String {
    guard let colon = trailer.utf8.firstIndex(of: UInt8(ascii: ":")) else { return "" }
    let value = trailer.utf8[colon...].dropFirst().drop { $0 == 32 || $0 == 9 }
    return String(decoding: Array(value), as: UTF8.self)
}

private func trimmedEnd(_ line: String) -> String {
    var bytes = Array(line.utf8)
    while let last = bytes.last, last == 32 || last == 9 || last == 13 { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
}

/// Returns the lines without empty ones at either end.
private func trimmedLines(_ lines: ArraySlice<String>) -> [String] {
    guard let first = lines.firstIndex(where: { !$0.isEmpty }),
        let last = lines.lastIndex(where: { !$0.isEmpty })
    else { return [] }
    return Array(lines[first...last])
}
