/// What `git push --porcelain` says about each ref.
///
/// One line a ref: a flag, a tab, `from:to`, a tab, a summary in brackets or words and, for a
/// failure, the reason in parentheses: `!\tabc:refs/tags/x\t[rejected] (stale info)`. Git never
/// translates these words.
struct PushReport {
    /// Why nothing was pushed; nil: the output names no ref that failed.
    private(set) var error: GitError?

    init(output: [UInt8], errorText: String) {
        for line in String(decoding: output, as: UTF8.self).split(separator: "\n") {
            let fields = line.split(separator: "\t", maxSplits: 2).map(String.init)
            guard fields.count == 3, fields[0] == "!" else { continue }
            let ref = fields[1].split(separator: ":").last.map(String.init) ?? fields[1]
            // Because with --atomic one failure fails all others, which are not the cause.
            if isBystander(fields[2]) { continue }
            error =
                isConflict(fields[2])
                ? .conflict(ref: ref)
                : .refused(Self.refusal(ref, fields[2], errorText))
            return
        }
    }

    private func isBystander(_ summary: String) -> Bool {
        summary.contains("atomic push fail") || summary.contains("atomic transaction failed")
    }

    /// The client's own `[rejected]` is always about a value that it did not expect.
    private func isConflict(_ summary: String) -> Bool {
        if summary.utf8.starts(with: "[rejected]".utf8) { return true }
        return [
            "cannot lock ref", "failed to update ref", "failed to lock", "already exists",
            "incorrect old value provided", "fetch first", "non-fast-forward",
        ].contains { summary.contains($0) }
    }

    /// What the server printed for people, which git marks by `remote: `, and its reason.
    private static func refusal(
        _ ref: String, _ summary: String, _ errorText: String
    ) -> String {
        let said = errorText.split(separator: "\n").compactMap { line in
            line.utf8.starts(with: "remote: ".utf8) ? String(line.dropFirst(8)) : nil
        }
        return shortened(([ref + " " + summary] + said).joined(separator: "; "))
    }
}

/// The first line of git's standard error that says something, without passwords.
func firstLine(of errorText: String) -> String {
    let line = errorText.split(whereSeparator: { $0 == "\n" || $0 == "\r" })
        .first { !$0.utf8.allSatisfy { $0 <= 32 } }
    return line.map { shortened(String($0)) } ?? "git said nothing"
}

/// At most 400 characters, and no user or password of a URL.
private func shortened(_ text: String) -> String {
    var kept: [UInt8] = []
    var hostStart: Int?
    for byte in text.utf8 {
        kept.append(byte)
        if kept.suffix(3).elementsEqual("://".utf8) {
            hostStart = kept.count
        } else if byte == UInt8(ascii: "@"), let start = hostStart {
            kept.removeSubrange(start...)
        } else if byte == UInt8(ascii: "/") || byte <= 32 {
            hostStart = nil
        }
    }
    return String(String(decoding: kept, as: UTF8.self).prefix(400))
}
