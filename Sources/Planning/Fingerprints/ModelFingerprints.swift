import Domain

/// What shapes a model: the input of every fingerprint of it.
struct ModelInputs {
    var declaration: ModelDeclaration
    /// The model's folder and what it includes, see `codeFiles`, in the order of their paths.
    var code: [TreeFile]
    var requirements: TreeFile?
    var datasetDigests: [DatasetName: Digest]
    /// The files of each dataset that the commit holds, in the order of their paths.
    var datasetFiles: [DatasetName: [TreeFile]] = [:]
    /// nil: every step runs once.
    var folds: FoldPlan?

    /// The fingerprint of the candidate: everything that shapes the model.
    func candidate() -> Fingerprint {
        Fingerprint(
            bytes: sha256(
                "slipway-candidate-v1",
                withFolds([
                    "code": codeValue, "dataset_digests": digestsValue,
                    "dataset_files": files(declaration.datasets),
                    "datasets": .object(
                        Dictionary(
                            uniqueKeysWithValues: declaration.datasets.map {
                                ($0.key.text, .string($0.value.text))
                            })),
                    "evaluation": evaluationValue,
                    "parameters": .object(declaration.parameters),
                    "python": textOrNull(declaration.python), "requirements": requirementsValue,
                    "steps": .object(
                        Dictionary(
                            declaration.steps.map { ($0.name.text, stepValue($0)) },
                            uniquingKeysWith: { first, _ in first })),
                ])))
    }

    /// The fingerprint of every step; a step that needs others covers theirs.
    ///
    /// Timeouts, retries and memory limits do not change it. The steps are free of circles.
    ///
    /// - Parameter fold: what tells a fold's steps from the same ones on other rows; nil: the model
    ///   has none.
    func steps(fold: JSONValue? = nil) -> [StepName: Fingerprint] {
        var done: [StepName: Fingerprint] = [:]
        var left = declaration.steps
        while !left.isEmpty {
            let ready = left.filter { step in step.needs.allSatisfy { done[$0] != nil } }
            precondition(!ready.isEmpty, "the decoder refuses circles and unknown steps")
            for step in ready { done[step.name] = fingerprint(of: step, needs: done, fold) }
            left.removeAll { done[$0.name] != nil }
        }
        return done
    }

    private func fingerprint(
        of step: StepDeclaration, needs: [StepName: Fingerprint], _ fold: JSONValue?
    ) -> Fingerprint {
        var needed: [String: JSONValue] = [:]
        for name in step.needs { needed[name.text] = textOrNull(needs[name]?.hex) }
        var members: [String: JSONValue] = [
            "code": codeValue, "dataset_digests": digestsValue,
            "dataset_files": files(declaration.datasets), "needs": .object(needed),
            "parameters": .object(declaration.parameters),
            "produces": .array(step.produces.map { .string($0) }),
            "requirements": requirementsValue, "run": .string(step.run),
        ]
        if let fold { members["fold"] = fold }
        return Fingerprint(bytes: sha256("slipway-step-v1", .object(members)))
    }

    /// Equal for two candidates when their stored predictions can be compared row by row.
    ///
    /// It covers how predictions are made and measured and the rows they are made for, but not the
    /// parameters and steps that made the model: those are what is being compared.
    func evaluate() -> Fingerprint {
        let step = declaration.steps.first { $0.name == declaration.evaluation.step }
        let test = declaration.datasets.filter { $0.key.text == "test" }
        let roles = test.isEmpty ? declaration.datasets : test
        return Fingerprint(
            bytes: sha256(
                "slipway-evaluate-v1",
                withFolds([
                    "code": codeValue, "dataset_digests": digests(roles),
                    "dataset_files": files(roles),
                    "evaluation": evaluationValue,
                    "produces": .array((step?.produces ?? []).map { .string($0) }),
                    "requirements": requirementsValue, "run": textOrNull(step?.run),
                ])))
    }
}

extension ModelInputs {
    /// With the folds that the model is measured on; nothing where it has none, so that what is
    /// known of other models stays known.
    private func withFolds(_ members: [String: JSONValue]) -> JSONValue {
        guard let folds = declaration.folds, let rows = self.folds else { return .object(members) }
        let kind: JSONValue =
            switch folds.kind {
            case .folds(let count): .array([.string("k"), .integer(Int64(count))])
            case .holdOut(let share): .array([.string("hold_out"), .number(share)])
            }
        var members = members
        members["folds"] = .object([
            "by": .string(folds.method.rawValue),
            "columns": .array(folds.columns.map { .string($0) }),
            "dataset": .string(folds.role.text), "kind": kind,
            "seed": .integer(Int64(folds.seed)),
            "version": .integer(Int64(DataPreparation.version)),
            // Because the rows are written anew, as the manifest says that they are read.
            "whole": .string(digest(of: rows.whole).hex),
        ])
        return .object(members)
    }

    private var codeValue: JSONValue { .array(code.map(\.canonical)) }

    private var requirementsValue: JSONValue { requirements?.canonical ?? .null }

    private var digestsValue: JSONValue { digests(declaration.datasets) }

    private func digests(_ datasets: [RoleName: DatasetName]) -> JSONValue {
        var members: [String: JSONValue] = [:]
        for (role, name) in datasets { members[role.text] = textOrNull(datasetDigests[name]?.hex) }
        return .object(members)
    }

    private func files(_ datasets: [RoleName: DatasetName]) -> JSONValue {
        var members: [String: JSONValue] = [:]
        for (role, name) in datasets {
            members[role.text] = .array((datasetFiles[name] ?? []).map(\.canonical))
        }
        return .object(members)
    }

    private func stepValue(_ step: StepDeclaration) -> JSONValue {
        .object([
            "memory_bytes": step.memoryBytes.map { .integer($0) } ?? .null,
            "needs": .array(step.needs.map { .string($0.text) }),
            "produces": .array(step.produces.map { .string($0) }),
            "retries": .integer(Int64(step.retries)), "run": .string(step.run),
            "timeout_seconds": .integer(Int64(step.timeoutSeconds)),
        ])
    }

    private var evaluationValue: JSONValue {
        let evaluation = declaration.evaluation
        return .object([
            "label": .string(evaluation.label), "metrics": textOrNull(evaluation.metrics),
            "positive": textOrNull(evaluation.positive),
            "prediction": .string(evaluation.prediction),
            "predictions": textOrNull(evaluation.predictions),
            "resamples": .integer(Int64(evaluation.resamples)),
            "score": textOrNull(evaluation.score),
            "seed": .integer(Int64(clamping: evaluation.seed)),
            "slices": .array(evaluation.slices.map { .string($0) }),
            "step": .string(evaluation.step.text), "task": .string(evaluation.task.rawValue),
        ])
    }
}

extension TreeFile {
    /// `[path, mode, blob]`, the mode in octal digits as git prints it.
    var canonical: JSONValue {
        let digits = String(mode, radix: 8)
        let padded = String(repeating: "0", count: max(0, 6 - digits.count)) + digits
        return .array([.string(path), .string(padded), .string(blob.hex)])
    }
}

func textOrNull(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }
