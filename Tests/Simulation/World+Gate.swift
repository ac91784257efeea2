import Domain

/// The fake gate, and how the trace reads.
extension World {
    func judge(_ question: Action.Question, expected: Int, policy: TrustedPolicy) {
        let model = question.candidate.model
        guard expected == repository.notes.count else { return note("\(model): notes moved on") }
        guard executor.state(of: question.run, at: now) == .evaluated(question.run),
            let index = repository.indexes[question.commit],
            case .candidate(let proposal) = repository.content(of: model, at: index)
        else { return checker.fail("the gate was asked about a run that is not evaluated") }
        let baseline = question.baseline.flatMap { version in
            repository.versionTags[model]?[version]?.candidate
        }
        let baselineInputs = (0..<12).first { fingerprint(of: model, inputs: $0) == baseline }
        let isPassed = passes(model, proposal, baselineInputs: baselineInputs)
        let evidence = isPassed ? evidence(for: question) : nil
        let judgement = Judgement(
            run: question.run.number, candidate: question.candidate.fingerprint,
            report: Report(task: .classification, rows: 100, metrics: []),
            verdict: Verdict(outcome: isPassed ? .passed : .failed, rules: []),
            baseline: question.baseline, policy: question.policy, evidence: evidence,
            evidenceDigest: evidence.map { digest(of: $0) })
        let record = DecisionRecord(
            sequence: expected + 1, at: now, model: model, commit: question.commit,
            decision: .judged(judgement))
        checker.willRecord([record], policy: policy, repository)
        repository.notes.append(record)
        note("\(model): the gate \(isPassed ? "passes" : "stops") \(question.commit.short)")
    }

    private func evidence(for question: Action.Question) -> Evidence {
        let candidate = question.candidate
        func stand(_ what: String) -> Digest {
            Digest(checked: hexadecimal(for: "\(what)/\(candidate.fingerprint)", digits: 64))
        }
        return Evidence(
            model: candidate.model, environment: candidate.environment,
            candidate: candidate.fingerprint, artifact: stand("artifact"), datasets: [:],
            validation: stand("validation"), evaluation: stand("evaluation"),
            baseline: question.baseline, replaces: question.replaces, policy: question.policy,
            lifts: question.lifts, runtime: question.runtime)
    }

    private func digest(of evidence: Evidence) -> Digest {
        let text = [
            evidence.model.text, evidence.environment.text, evidence.candidate.hex,
            evidence.artifact.hex, evidence.baseline?.description ?? "-",
            evidence.replaces?.description ?? "-", evidence.policy.hex,
            evidence.lifts?.description ?? "-",
            "\(evidence.runtime)",
        ].joined(separator: "|")
        return Digest(checked: hexadecimal(for: text, digits: 64))
    }

    func summary(of action: Action) -> String {
        switch action {
        case .record(let entries):
            "record "
                + entries.map { "\($0.commit.short) \(name(of: $0.decision))" }
                .joined(separator: ", ")
        case .tagVersion(let release): "tag \(release.version)"
        case .tagAssignment(let assignment): "tag #\(assignment.number)"
        case .tagUnassignment(let taken, let numbers): "tag \(taken.environment)!#\(numbers)"
        case .deploy(let environment, let deployment):
            "deploy \(deployment.map { "\($0.version) #\($0.number)" } ?? "nothing")"
                + " to \(environment)"
        case .start(let run, let commit, _): "start \(run) for \(commit.short)"
        case .cancel(let run): "cancel \(run)"
        case .judge(let question): "judge \(question.run)"
        case .awaitRun(let run): "await \(run)"
        case .awaitReview(let id): "await review of \(id)"
        case .settled: "settled"
        }
    }

    private func name(of decision: Decision) -> String {
        switch decision {
        case .started(let run, _): "started \(run)"
        case .superseded(let newer): "superseded by \(newer.short)"
        case .broken: "broken"
        case .failed(let run, _): "failed \(run)"
        case .judged: "judged"
        case .seen(let tag): "seen \(tag.tag.short)"
        case .tagDeleted(let tag, _): "tag deleted \(tag.short)"
        case .rejected(let id, let by): "rejected \(id) by \(by)"
        case .released(let release): "released \(release.version)"
        case .assigned(let given): "assigned \(given.version) #\(given.number)"
        case .held(_, let version): "held \(version)"
        case .lifted(_, let version, _): "lifted \(version)"
        case .alreadyLive(let live): "already live \(live.version)"
        case .unassigned(let taken): "unassigned \(taken.environment) #\(taken.numbers)"
        case .removed: "removed"
        case .previewStarted(let run, _, _): "preview started \(run)"
        case .previewed(let preview): "previewed \(preview.ref)"
        case .pushed(let push): "pushed by \(push.by ?? "somebody")"
        case .policyProposed: "policy proposed"
        case .policyAdopted: "policy adopted"
        }
    }
}
