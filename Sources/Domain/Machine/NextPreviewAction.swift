/// What happens next to the previews of a model: they run up to the gate, and no further.
///
/// nil: nothing is to be done for them now.
func movePreviews(_ seen: Seen) -> Action? {
    dropPreviews(seen) ?? seen.previews.lazy.compactMap { move($0, seen) }.first
}

/// A preview whose ref moved on or is gone, or that became the watched branch's, is closed.
private func dropPreviews(_ seen: Seen) -> Action? {
    let wanted = Set(seen.previews.map(\.commit))
    let dropped = seen.record.previews.filter { commit, state in
        !state.isOver && (!wanted.contains(commit) || seen.record.outcomes[commit] != nil)
    }
    guard !dropped.isEmpty else { return nil }
    return .record(
        dropped.sorted { $0.key < $1.key }.map { commit, state in
            .init(commit, .previewed(Preview(ref: state.ref, end: .dropped)))
        })
}

private func move(_ preview: Seen.PreviewHead, _ seen: Seen) -> Action? {
    let commit = preview.commit
    let state = seen.record.previews[commit]
    guard seen.record.outcomes[commit] == nil, !(state?.isOver ?? false) else { return nil }
    func end(_ end: Preview.End) -> Action {
        .record([.init(commit, .previewed(Preview(ref: preview.ref, end: end)))])
    }
    switch preview.content {
    case .absent: return nil
    case .broken(let problems): return end(.broken(problems))
    case .candidate(let candidate, let serving):
        guard let state, state.candidate == candidate.fingerprint, let number = state.run else {
            return .record([
                .init(
                    commit,
                    .previewStarted(
                        run: seen.record.lastRun + 1, candidate: candidate.fingerprint,
                        ref: preview.ref))
            ])
        }
        let run = RunID(model: seen.model, number: number)
        switch preview.run {
        case .running(let own) where own == run: return nil
        case .failed(let own, let failure) where own == run:
            return end(.failed(run: number, failure))
        case .evaluated(let own) where own == run:
            var asked = question(seen, commit, candidate, serving, run)
            asked.preview = preview.ref
            return .judge(asked)
        case .none, .running, .failed, .evaluated:
            return .start(run, commit: commit, candidate)
        }
    }
}
