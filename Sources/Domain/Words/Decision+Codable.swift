/// In JSON a decision is an object with one key, the case, and its content as the value:
/// `{"superseded": {"by": "4f2a…"}}`, `{"released": {"version": "v1.0.0", …}}`, `{"removed": {}}`.
extension Decision: Codable {
    private enum Key: String, CodingKey {
        case started, superseded, broken, failed, judged, seen, tagDeleted, rejected, released
        case assigned, held, lifted, alreadyLive, unassigned, removed
        case previewStarted, previewed, pushed, policyProposed, policyAdopted
    }

    private struct Started: Codable {
        var run: Int
        var candidate: Fingerprint
    }
    private struct Superseded: Codable { var by: CommitID }
    private struct Broken: Codable { var problems: [Diagnostic] }
    private struct Failed: Codable {
        var run: Int
        var failure: Failure
    }
    private struct TagDeleted: Codable {
        var tag: ObjectID
        var ref: String
    }
    private struct Rejected: Codable {
        var evidence: EvidenceID
        var by: Principal
    }
    private struct Hold: Codable {
        var environment: EnvironmentName
        var version: SemanticVersion
        var evidence: EvidenceID?
    }
    private struct Nothing: Codable {}
    private struct PreviewStarted: Codable {
        var run: Int
        var candidate: Fingerprint
        var ref: String
    }

    package func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: Key.self)
        switch self {
        case .started(let run, let candidate):
            try object.encode(Started(run: run, candidate: candidate), forKey: .started)
        case .superseded(let by): try object.encode(Superseded(by: by), forKey: .superseded)
        case .broken(let problems): try object.encode(Broken(problems: problems), forKey: .broken)
        case .failed(let run, let failure):
            try object.encode(Failed(run: run, failure: failure), forKey: .failed)
        case .judged(let judgement): try object.encode(judgement, forKey: .judged)
        case .seen(let tag): try object.encode(tag, forKey: .seen)
        case .tagDeleted(let tag, let ref):
            try object.encode(TagDeleted(tag: tag, ref: ref), forKey: .tagDeleted)
        case .rejected(let evidence, let by):
            try object.encode(Rejected(evidence: evidence, by: by), forKey: .rejected)
        case .released(let release): try object.encode(release, forKey: .released)
        case .assigned(let assignment): try object.encode(assignment, forKey: .assigned)
        case .held(let environment, let version):
            try object.encode(Hold(environment: environment, version: version), forKey: .held)
        case .lifted(let environment, let version, let evidence):
            let hold = Hold(environment: environment, version: version, evidence: evidence)
            try object.encode(hold, forKey: .lifted)
        case .alreadyLive(let live): try object.encode(live, forKey: .alreadyLive)
        case .unassigned(let taken): try object.encode(taken, forKey: .unassigned)
        case .removed: try object.encode(Nothing(), forKey: .removed)
        case .previewStarted(let run, let candidate, let ref):
            let content = PreviewStarted(run: run, candidate: candidate, ref: ref)
            try object.encode(content, forKey: .previewStarted)
        case .previewed(let preview): try object.encode(preview, forKey: .previewed)
        case .pushed(let push): try object.encode(push, forKey: .pushed)
        case .policyProposed(let proposal): try object.encode(proposal, forKey: .policyProposed)
        case .policyAdopted(let adoption): try object.encode(adoption, forKey: .policyAdopted)
        }
    }

    package init(from decoder: any Decoder) throws {
        let object = try decoder.container(keyedBy: Key.self)
        guard let key = object.allKeys.first, object.allKeys.count == 1 else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "no known decision"))
        }
        func read<Value: Decodable>(_ type: Value.Type) throws -> Value {
            try object.decode(type, forKey: key)
        }
        switch key {
        case .started:
            let content = try read(Started.self)
            self = .started(run: content.run, candidate: content.candidate)
        case .superseded: self = .superseded(by: try read(Superseded.self).by)
        case .broken: self = .broken(problems: try read(Broken.self).problems)
        case .failed:
            let content = try read(Failed.self)
            self = .failed(run: content.run, failure: content.failure)
        case .judged: self = .judged(try read(Judgement.self))
        case .seen: self = .seen(try read(SeenTag.self))
        case .tagDeleted:
            let content = try read(TagDeleted.self)
            self = .tagDeleted(tag: content.tag, ref: content.ref)
        case .rejected:
            let content = try read(Rejected.self)
            self = .rejected(evidence: content.evidence, by: content.by)
        case .released: self = .released(try read(Release.self))
        case .assigned: self = .assigned(try read(Assignment.self))
        case .held:
            let hold = try read(Hold.self)
            self = .held(environment: hold.environment, version: hold.version)
        case .lifted: self = try Self.lifted(read(Hold.self), at: decoder.codingPath)
        case .alreadyLive: self = .alreadyLive(try read(AlreadyLive.self))
        case .unassigned: self = .unassigned(try read(Unassignment.self))
        case .removed: self = .removed
        case .previewStarted:
            let content = try read(PreviewStarted.self)
            self = .previewStarted(
                run: content.run, candidate: content.candidate, ref: content.ref)
        case .previewed: self = .previewed(try read(Preview.self))
        case .pushed: self = .pushed(try read(Push.self))
        case .policyProposed: self = .policyProposed(try read(PolicyProposal.self))
        case .policyAdopted: self = .policyAdopted(try read(PolicyAdoption.self))
        }
    }

    private static func lifted(_ hold: Hold, at path: [any CodingKey]) throws -> Decision {
        guard let evidence = hold.evidence else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: path, debugDescription: "a hold is lifted without evidence"))
        }
        return .lifted(environment: hold.environment, version: hold.version, evidence: evidence)
    }
}
