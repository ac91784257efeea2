import Domain
import Git
import Journal
import Logging
import Planning

// Previews: branches and pull requests that are taken up to the gate and no further.

extension Reconciler {
    /// Reads what the watched branch calls previews; returns whether anything moved.
    func lookAtPreviews() async throws -> Bool {
        guard let head = scan.head, let plan = scan.plan else { return false }
        // Because a broken `slipway.yaml` has taken nothing back.
        if !plan.repositoryIsBroken { previews.follow(plan.repository.previews) }
        try await narrowUpstream()
        let change = try await previews.look(besides: branch, at: head)
        change.touched.forEach(mark)
        if !change.moved.isEmpty { markOpenPreviews(of: change.moved) }
        try await showPreviewTroubles()
        if !change.isComplete { wake() }
        return !change.moved.isEmpty
    }

    /// Lets a mirror fetch what is watched and nothing else.
    private func narrowUpstream() async throws {
        guard workshop.upstream.kind != .direct else { return }
        var patterns = [RefPattern(branch), RefPattern("slipway/**")] + previews.patterns
        if let main = try await workshop.repository.headBranch {
            patterns.append(RefPattern(main))
        }
        guard workshop.upstream.follow(patterns) else { return }
        lookDueAt = 0
        wake()
    }

    /// Whether a push to the ref is one to a preview.
    func isPreview(_ ref: String) -> Bool {
        previews.patterns.contains { $0.matches(ref) }
    }

    private func markOpenPreviews(of refs: Set<String>) {
        for (model, record) in records
        where record.previews.values.contains(where: { !$0.isOver && refs.contains($0.ref) }) {
            mark(model)
        }
    }

    private func showPreviewTroubles() async throws {
        let bad = previews.heads.compactMap { ref, head in head.trouble.map { (ref, $0) } }
            .sorted { $0.0 < $1.0 }
        guard let (ref, failure) = bad.first else {
            guard previews.leftOut > 0 else { return try await clear("previews") }
            return await note(
                Failure(
                    "\(previews.leftOut) previews are left out, because there are too many",
                    at: "slipway.yaml", hint: "delete old branches, or narrow `previews:`",
                    .wait(for: "fewer previews")),
                "previews")
        }
        guard !noted.contains("previews") else { return }
        workshop.logger.warning("\(ref) cannot be previewed: \(failure.what)")
        await note(
            Failure(
                "\(ref) cannot be previewed: \(failure.what)", at: ref, hint: failure.hint,
                .wait(for: "another commit there")),
            "previews")
    }

    /// The previews that touch the model and are not at their end, in the order of their refs.
    func previewHeads(
        of model: ModelName, _ record: ModelRecord
    ) async throws -> [Seen.PreviewHead] {
        var found: [Seen.PreviewHead] = []
        for (ref, head) in previews.heads.sorted(by: { $0.key < $1.key }) {
            let state = record.previews[head.commit]
            guard let content = head.contents[model], !(state?.isOver ?? false) else { continue }
            var run = Seen.Run.none
            if let number = state?.run {
                run = try await self.state(of: RunID(model: model, number: number))
            }
            found.append(
                Seen.PreviewHead(
                    ref: ref, commit: head.commit, content: try await seen(content, head.commit),
                    run: run))
        }
        // Because what was not read yet is unknown and not gone.
        for (commit, state) in record.previews.sorted(by: { $0.key < $1.key })
        where !state.isOver && isUnread(state.ref, commit) {
            found.append(
                Seen.PreviewHead(ref: state.ref, commit: commit, content: .absent, run: .none))
        }
        return found
    }

    private func isUnread(_ ref: String, _ commit: CommitID) -> Bool {
        guard previews.refs[ref] == commit else { return false }
        return previews.heads[ref].map { $0.trouble != nil } ?? true
    }

    private func seen(
        _ content: PreviewScan.Content, _ commit: CommitID
    ) async throws -> Seen.Content {
        switch content {
        case .planned(let plan):
            // Because a preview decides nothing, what it may not use is said at once.
            let problems = forbiddenData(plan)
            return problems.isEmpty
                ? try await self.content(plan, commit) : .broken(problems)
        case .broken(let problems): return .broken(problems)
        case .absent: return .absent
        }
    }

    /// Whether the run is that of a preview.
    func isPreview(_ id: RunID) -> Bool {
        guard let record = records[id.model], let commit = record.runCommits[id.number] else {
            return false
        }
        return record.previews[commit]?.run == id.number
    }

    /// A preview's run of the same candidate is under way: what it makes is what is wanted here.
    func isBeingMade(_ candidate: Candidate) -> Bool {
        running.contains { id in
            guard id.model == candidate.model, let record = records[id.model],
                let commit = record.runCommits[id.number], let state = record.previews[commit]
            else { return false }
            return state.run == id.number && state.candidate == candidate.fingerprint
        }
    }

    /// A place is left for the watched branch wherever there is more than one.
    private var hasPlaceForPreview: Bool {
        let places = workshop.configuration.runsMax
        return waitingForRoom.isEmpty && active.count < max(places - 1, 1)
    }

    /// Whether the preview's run may start now; else its model is remembered for the turn's end.
    func mayStartPreview(of model: ModelName) -> Bool {
        if isPreviewTime, hasPlaceForPreview { return true }
        if !waitingPreviews.contains(model) { waitingPreviews.append(model) }
        return false
    }

    /// Starts runs of previews in the places that the watched branch has left.
    func startPreviews() async {
        isPreviewTime = true
        defer { isPreviewTime = false }
        while hasPlaceForPreview, !waitingPreviews.isEmpty, !Task.isCancelled {
            let model = waitingPreviews.removeFirst()
            dirty.remove(model)
            await reconcileSafely(model)
        }
    }

    /// What the gate said of a preview: there is no evidence, so nobody can approve it.
    static func end(of preview: String, _ judgement: Judgement) -> Decision {
        var judgement = judgement
        judgement.evidence = nil
        judgement.evidenceDigest = nil
        return .previewed(Preview(ref: preview, end: .judged(judgement)))
    }

    /// The previews as people see them, in the order of refs and models.
    func previewViews(_ decisions: (ModelName) async throws -> [DecisionRecord]) async throws
        -> [PreviewView]
    {
        var views: [PreviewView] = []
        var known: [ModelName: [DecisionRecord]] = [:]
        for (ref, head) in previews.heads.sorted(by: { $0.key < $1.key }) {
            for (model, content) in head.contents.sorted(by: { $0.key < $1.key }) {
                if known[model] == nil { known[model] = try await decisions(model) }
                var problems: [Diagnostic] = []
                if case .broken(let found) = content { problems = found }
                if case .absent = content { continue }
                views.append(
                    PreviewView(
                        model: model, ref: ref, commit: head.commit, problems: problems,
                        isWaiting: waitingPreviews.contains(model),
                        decisions: known[model] ?? []))
            }
        }
        return views
    }
}
