import Domain

/// What engineers and reviewers do.
extension World {
    /// One commit, or a burst of them.
    func pushCommits() {
        rememberLook()
        let count = dice.chance(percent: 15) ? 2 + dice.below(3) : 1
        for _ in 0..<count {
            let model = model()
            var contents = repository.commits.last?.contents ?? [:]
            contents[model] = newContent(of: model)
            if dice.chance(percent: 15) {
                let other = self.model()
                contents[other] = newContent(of: other)
            }
            let author = dice.pick(Self.engineers)
            guard let commit = repository.commit(contents, by: author) else { continue }
            note("\(author) pushes \(commit.short): \(model) is \(contents[model] ?? .absent)")
        }
    }

    private func newContent(of model: ModelName) -> Content {
        let history = repository.touching[model] ?? []
        let last = repository.commits.count - 1
        let present = last < 0 ? .absent : repository.content(of: model, at: last)
        if isDuel, history.count > 2, dice.chance(percent: 75) {
            return repository.content(of: model, at: history[history.count - 2])
        }
        switch dice.below(100) {
        case ..<45 where !history.isEmpty:
            // A revert, or a revert of a revert.
            let recent = history.suffix(4)
            let from = dice.chance(percent: 70) ? Array(recent) : history
            return repository.content(of: model, at: dice.pick(from))
        case ..<49: return .broken(dice.below(3))
        case ..<53: return .absent
        case ..<70:
            // Settings that do not make a candidate.
            guard case .candidate(var proposal) = present else { break }
            switch dice.below(5) {
            case ..<2: proposal.serving += 1
            case ..<4: proposal.promotion = dice.below(40)
            default: proposal.environment = dice.pick(Self.environments)
            }
            return .candidate(proposal)
        default: break
        }
        return .candidate(
            Proposal(
                inputs: dice.below(12),
                environment: Self.environments[dice.chance(percent: 80) ? 0 : 1],
                serving: 0, promotion: 10))
    }

    /// Somebody reads a report and says yes or no, perhaps an old one, perhaps without the right.
    func review() {
        let model = model()
        let shown = checker.shown(of: model)
        guard let latest = shown.last else { return }
        let evidence = dice.chance(percent: 80) ? latest : dice.pick(shown)
        let isReviewer = dice.chance(percent: 85)
        let who = dice.pick(isReviewer ? Self.reviewers : Self.engineers)
        pushTag(
            model, evidence: dice.chance(percent: 97) ? evidence : nil, by: who,
            kind: dice.chance(percent: 90) ? .approve : .reject,
            refusal: dice.chance(percent: 6) ? "the key is not known" : nil)
    }

    func pushTag(
        _ model: ModelName, evidence: EvidenceID?, by who: Principal, kind: SeenTag.Kind,
        refusal: String? = nil
    ) {
        rememberLook()
        let object = ObjectID(checked: hexadecimal(for: "tag/\(madeTags.count)", digits: 40))
        let ref = "\(kind)/\(model)/\(evidence?.hex ?? "none")/\(who)"
        let tag = SeenTag(
            tag: object, ref: ref, kind: kind, evidence: evidence,
            principal: refusal == nil || dice.chance(percent: 50) ? who : nil,
            refusal: evidence == nil ? "no line `Evidence:`" : refusal)
        repository.people.tags.removeAll { $0.tag.ref == ref }
        repository.people.tags.append((model, tag))
        madeTags.append((model, tag))
        note("tag \(object.short) \(ref)\(tag.refusal.map { " (\($0))" } ?? "")")
    }

    func deleteTag() {
        guard !repository.people.tags.isEmpty else { return }
        rememberLook()
        let index = dice.below(repository.people.tags.count)
        let gone = repository.people.tags.remove(at: index)
        note("tag \(gone.tag.tag.short) \(gone.tag.ref) is deleted")
    }

    /// A tag object that was there before is pushed once more.
    func pushTagAgain() {
        guard !madeTags.isEmpty else { return }
        rememberLook()
        let again = dice.pick(madeTags)
        repository.people.tags.removeAll { $0.tag.ref == again.tag.ref }
        repository.people.tags.append(again)
        note("tag \(again.tag.tag.short) \(again.tag.ref) is pushed again")
    }

    func rememberLook() {
        earlierLooks.append(repository.people)
        if earlierLooks.count > 6 { earlierLooks.removeFirst() }
    }
}
