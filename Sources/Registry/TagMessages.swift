package import Domain

/// The message of a version tag: why the version exists, for people and for `slipway rebuild`.
///
///     digits v1.0.0
///
///     Candidate: <fingerprint>
///     Evidence: <digest>
///     Artifact: <digest>
///     Dataset: <name> <digest>            one line each, sorted by name
///     Approved-by: <principal>            one line each
///     Config-Commit: <commit>
package struct VersionMessage: Hashable, Sendable {
    package var model: ModelName
    package var version: SemanticVersion
    package var candidate: Fingerprint
    package var evidence: Digest
    package var artifact: Digest
    package var datasets: [DatasetName: Digest]
    package var approvedBy: [Principal]
    /// The commit whose approval released it.
    package var configCommit: CommitID

    package init(
        model: ModelName, version: SemanticVersion, candidate: Fingerprint, evidence: Digest,
        artifact: Digest, datasets: [DatasetName: Digest], approvedBy: [Principal],
        configCommit: CommitID
    ) {
        self.model = model
        self.version = version
        self.candidate = candidate
        self.evidence = evidence
        self.artifact = artifact
        self.datasets = datasets
        self.approvedBy = approvedBy
        self.configCommit = configCommit
    }

    /// The message; it ends in a newline.
    package var text: String {
        var trailers = [
            ("Candidate", candidate.hex), ("Evidence", evidence.hex), ("Artifact", artifact.hex),
        ]
        for (name, digest) in datasets.sorted(by: { $0.key < $1.key }) {
            trailers.append(("Dataset", "\(name) \(digest)"))
        }
        trailers += approvedBy.map { ("Approved-by", $0.text) }
        trailers.append(("Config-Commit", configCommit.hex))
        return message(subject: "\(model) \(version)", trailers: trailers)
    }

    /// Reads a tag's message, with or without a signature behind it.
    package init(parsing text: String) throws(RegistryError) {
        let trailers = TagTrailers(parsing: text)
        let words = trailers.subject.split(separator: " ").map(String.init)
        guard words.count == 2, let model = ModelName(words[0]),
            let version = SemanticVersion(words[1])
        else { throw .messageMalformed(trailer: "subject", value: trailers.subject) }
        self.model = model
        self.version = version
        candidate = try trailers.one("Candidate", Fingerprint.init)
        evidence = try trailers.one("Evidence", Digest.init)
        artifact = try trailers.one("Artifact", Digest.init)
        configCommit = try trailers.one("Config-Commit", CommitID.init)
        approvedBy = trailers.all("Approved-by").map { Principal($0) }
        datasets = [:]
        for value in trailers.all("Dataset") {
            let words = value.split(separator: " ").map(String.init)
            guard words.count == 2, let name = DatasetName(words[0]),
                let digest = Digest(words[1]), datasets.updateValue(digest, forKey: name) == nil
            else { throw .messageMalformed(trailer: "Dataset", value: value) }
        }
    }
}

/// The message of an assignment tag: which decision put a version into an environment.
///
///     digits v1.0.0 to production        or: digits from production
///
///     Candidate: <fingerprint>
///     Evidence: <digest>                  not there when a revert brought the version back
///     Approved-by: <principal>            one line each
///     Config-Commit: <commit>
package struct AssignmentMessage: Hashable, Sendable {
    package var subject: String
    /// nil in the tag by which an environment loses the model.
    package var candidate: Fingerprint?
    package var evidence: Digest?
    package var approvedBy: [Principal]
    /// The commit on the watched branch that caused it.
    package var configCommit: CommitID

    package init(
        subject: String, candidate: Fingerprint?, evidence: Digest?, approvedBy: [Principal],
        configCommit: CommitID
    ) {
        self.subject = subject
        self.candidate = candidate
        self.evidence = evidence
        self.approvedBy = approvedBy
        self.configCommit = configCommit
    }

    /// The message; it ends in a newline.
    package var text: String {
        var trailers: [(String, String)] = []
        if let candidate { trailers.append(("Candidate", candidate.hex)) }
        if let evidence { trailers.append(("Evidence", evidence.hex)) }
        trailers += approvedBy.map { ("Approved-by", $0.text) }
        trailers.append(("Config-Commit", configCommit.hex))
        return message(subject: subject, trailers: trailers)
    }

    /// Reads a tag's message, with or without a signature behind it.
    package init(parsing text: String) throws(RegistryError) {
        let trailers = TagTrailers(parsing: text)
        subject = trailers.subject
        candidate = try trailers.optional("Candidate", Fingerprint.init)
        evidence = try trailers.optional("Evidence", Digest.init)
        configCommit = try trailers.one("Config-Commit", CommitID.init)
        approvedBy = trailers.all("Approved-by").map { Principal($0) }
    }
}

private func message(subject: String, trailers: [(String, String)]) -> String {
    func line(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.filter { $0.value >= 32 }))
    }
    let lines = trailers.map { "\($0.0): \(line($0.1))\n" }
    return line(subject) + "\n\n" + lines.joined()
}
