package import Domain

/// What holds a version: the links from its tag to the people who approved it, each looked at.
///
/// Links stand in their order. One that is broken so that those after it have nothing to hold on
/// to is the last one.
package struct VersionProof: Hashable, Sendable {
    /// One step of the chain.
    package struct Link: Hashable, Sendable {
        package enum Name: String, Hashable, Codable, Sendable, CaseIterable {
            case log, tag, tagSignature = "tag-signature", release, candidate, evidence, judgement
            case standing, approvals, policy, signatures, people, artifact
        }

        package enum Finding: Hashable, Sendable {
            case holds(String)
            case broken(String, hint: String?)
        }

        package var name: Name
        package var finding: Finding

        package var holds: Bool {
            switch finding {
            case .holds: true
            case .broken: false
            }
        }
    }

    package let model: ModelName
    package let version: SemanticVersion
    package let links: [Link]
    /// Who approved by which key, who was excluded, policy and artifact, in one paragraph; what is
    /// broken stands in `links`.
    package let summary: String

    package var holds: Bool { !links.isEmpty && links.allSatisfy(\.holds) }
    package var firstBreak: Link? { links.first { !$0.holds } }

    /// Follows the chain; a pure function of what it is given.
    package init(_ question: VersionQuestion) {
        var prover = Prover(question)
        prover.run()
        model = question.model
        version = question.version
        links = prover.links
        summary = prover.summary
    }

    /// The proof, or the first link that does not hold, as `slipway verify` prints it.
    package var text: String {
        guard let firstBreak, case .broken(let what, let hint) = firstBreak.finding else {
            return "\(model) \(version) holds: \(summary)"
        }
        let mend = hint.map { "\n hint: \($0)" } ?? ""
        return "\(model) \(version) does not hold: \(what)\n"
            + "where: \(firstBreak.name.rawValue)\(mend)"
    }
}

extension VersionProof.Link: Encodable {
    private enum Key: String, CodingKey { case name, holds, sentence, hint }

    /// `{"name": "evidence", "holds": false, "sentence": "…", "hint": "…"}`
    package func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: Key.self)
        try object.encode(name, forKey: .name)
        try object.encode(holds, forKey: .holds)
        switch finding {
        case .holds(let sentence): try object.encode(sentence, forKey: .sentence)
        case .broken(let sentence, let hint):
            try object.encode(sentence, forKey: .sentence)
            try object.encodeIfPresent(hint, forKey: .hint)
        }
    }
}

extension VersionProof: Encodable {
    private enum Key: String, CodingKey { case model, version, holds, links, summary }

    package func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: Key.self)
        try object.encode(model, forKey: .model)
        try object.encode(version, forKey: .version)
        try object.encode(holds, forKey: .holds)
        try object.encode(links, forKey: .links)
        try object.encode(summary, forKey: .summary)
    }
}
