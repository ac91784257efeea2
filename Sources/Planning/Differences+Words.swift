import Domain

/// Every value below a mapping with its dotted key: `optimizer.rate` → `0.1`.
func flat(_ parameters: [String: JSONValue], below prefix: String = "") -> [String: String] {
    var values: [String: String] = [:]
    for (key, value) in parameters {
        if case .object(let members) = value, !members.isEmpty {
            values.merge(flat(members, below: "\(prefix)\(key).")) { first, _ in first }
        } else {
            values[prefix + key] = inWords(value)
        }
    }
    return values
}

private func inWords(_ value: JSONValue) -> String {
    switch value {
    case .null: "null"
    case .bool(let flag): "\(flag)"
    case .integer(let integer): "\(integer)"
    case .number(let number): "\(number)"
    case .string(let text): text
    case .array(let items): "[" + items.map(inWords).joined(separator: ", ") + "]"
    case .object(let members):
        "{"
            + members.sorted { isBefore($0.key, $1.key) }
            .map { "\($0.key): \(inWords($0.value))" }.joined(separator: ", ") + "}"
    }
}

func list(_ items: [String]) -> String { "[" + items.joined(separator: ", ") + "]" }

func texts(_ datasets: [RoleName: DatasetName]) -> [String: String] {
    Dictionary(uniqueKeysWithValues: datasets.map { ($0.key.text, $0.value.text) })
}

func members(_ step: StepDeclaration) -> [String: String] {
    var members = [
        "run": step.run, "needs": list(step.needs.map(\.text)), "produces": list(step.produces),
        "timeout": "\(step.timeoutSeconds)s", "retries": "\(step.retries)",
    ]
    if let memory = step.memoryBytes { members["memory"] = "\(memory) bytes" }
    return members
}

func members(_ evaluation: EvaluationDeclaration) -> [String: String] {
    var members = [
        "task": evaluation.task.rawValue, "step": evaluation.step.text,
        "label": evaluation.label, "prediction": evaluation.prediction,
        "slices": list(evaluation.slices), "resamples": "\(evaluation.resamples)",
        "seed": "\(evaluation.seed)",
    ]
    members["predictions"] = evaluation.predictions
    members["metrics"] = evaluation.metrics
    members["score"] = evaluation.score
    members["positive"] = evaluation.positive
    return members
}

func members(_ serving: ServingDeclaration?) -> [String: String] {
    guard let serving else { return [:] }
    var members = [
        "environment": serving.environment.text,
        "start_timeout": "\(serving.startTimeoutSeconds)s",
    ]
    switch serving.runtime {
    case .sklearn: members["runtime"] = "sklearn"
    case .command(let command): members["runtime.command"] = command
    }
    members["warmup"] = serving.warmup
    return members
}
