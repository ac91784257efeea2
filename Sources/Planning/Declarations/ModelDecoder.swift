import Domain

/// Reads a `model.yaml`.
func decodeModel(_ bytes: [UInt8], file: String) -> Parsed<ModelDraft> {
    let (root, found) = readTable(bytes, file: file, kind: .model)
    guard let root else { return Parsed(draft: nil, diagnostics: found) }
    var decoder = ModelDecoder(file: file, diagnostics: found)
    let draft = decoder.decode(root)
    return Parsed(draft: draft, diagnostics: decoder.diagnostics.inOrder())
}

/// Its functions stand by topic in `ModelDecoder+Steps` and `ModelDecoder+Promotion`.
struct ModelDecoder {
    let file: String
    var diagnostics: [Diagnostic]

    mutating func decode(_ root: YAMLNode) -> ModelDraft {
        var draft = ModelDraft()
        draft.description = root["description"]?.text ?? ""
        draft.owner = root["owner"]?.text ?? ""
        draft.datasets = datasets(root["datasets"])
        for entry in root["parameters"]?.entries ?? [] {
            draft.parameters[entry.key] = entry.value.json
        }
        draft.python = root["python"].flatMap(mentionedText)
        draft.includes = includes(root["includes"])
        draft.ignore = root["ignore"]?.items.compactMap(\.text) ?? []
        draft.steps = root["steps"].map { steps($0) }
        draft.evaluation = root["evaluation"].flatMap { evaluation($0) }
        draft.promotion = promotion(root["promotion"], draft.evaluation?.declaration)
        draft.review = review(root["review"])
        draft.roles = (root["review"]?["from"]?.entries ?? []).map {
            Mention(value: $0.key, place: $0.place(in: file))
        }
        draft.allowedData = root["data"].map { classifications($0["allow"]) }
        draft.serving = root["serving"].flatMap { serving($0) }
        draft.schedule = schedule(root)
        draft.folds = root["folds"].flatMap { folds($0) }
        draft.zonePlace = root["schedule_zone"]?.place(in: file)
        return draft
    }

    private mutating func schedule(_ root: YAMLNode) -> ScheduleDeclaration? {
        guard let node = root["schedule"], let cron = node.text else {
            for key in ["schedule_zone", "schedule_catch_up"] {
                guard let node = root[key] else { continue }
                report(
                    node, "`\(key)` says nothing without a `schedule`",
                    hint: "schedule: \"0 3 * * 1\" is every Monday at three")
            }
            return nil
        }
        do throws(CronError) {
            _ = try CronExpression(cron)
        } catch {
            report(node, error.description, hint: "\"0 3 * * 1\" is every Monday at three")
            return nil
        }
        var schedule = ScheduleDeclaration(cron: cron)
        if let zone = root["schedule_zone"], let name = zone.text {
            schedule.timeZone = name
            if !isZoneName(name) {
                report(
                    zone, "`\(quoted(name))` is not the name of a time zone",
                    hint: "as in the zone database: Europe/Berlin, America/New_York, UTC")
            }
        }
        let catchUp = root["schedule_catch_up"]?.text
        schedule.catchUp = catchUp.flatMap(ScheduleDeclaration.CatchUp.init(rawValue:)) ?? .latest
        return schedule
    }

    /// Whether it may name a file of the zone database, and nothing outside it.
    private func isZoneName(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        return (1...3).contains(parts.count)
            && parts.allSatisfy { part in
                guard let first = part.first, (first | 32) >= 97, (first | 32) <= 122 else {
                    return false
                }
                return part.allSatisfy {
                    ($0 | 32) >= 97 && ($0 | 32) <= 122 || (48...57).contains($0)
                        || [UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "+")].contains($0)
                }
            }
    }

    private func datasets(_ node: YAMLNode?) -> [RoleName: Mention<DatasetName>] {
        var datasets: [RoleName: Mention<DatasetName>] = [:]
        for entry in node?.entries ?? [] {
            guard let role = RoleName(entry.key), let text = entry.value.label, isName(text)
            else { continue }
            // A reserved name has no manifest, so it is reported as unknown like any other.
            datasets[role] = Mention(
                value: DatasetName(checked: text), place: entry.value.place(in: file))
        }
        return datasets
    }

    private mutating func includes(_ node: YAMLNode?) -> [Mention<String>] {
        var includes: [Mention<String>] = []
        for item in node?.items ?? [] {
            guard let text = item.text, isRelativePath(text) else { continue }
            guard let path = repositoryPath(text) else {
                report(
                    item, "`\(quoted(text))` is not a folder or file inside the repository",
                    hint: "`includes` are relative to the root of the repository")
                continue
            }
            includes.append(Mention(value: path, place: item.place(in: file)))
        }
        return includes
    }

    private mutating func evaluation(_ node: YAMLNode) -> EvaluationDraft? {
        guard let task = node["task"]?.text.flatMap(EvaluationDeclaration.Task.init(rawValue:))
        else { return nil }
        if let metrics = node["metrics"], node["predictions"] != nil {
            report(metrics, "`evaluation` has both `metrics` and `predictions`; keep one of them")
        }
        let metrics = node["metrics"]?.text
        let predictions = node["predictions"]?.text
        let step = node["step"].flatMap { step in
            step.label.flatMap(StepName.init).map {
                Mention(value: $0, place: step.place(in: file))
            }
        }
        let declaration = EvaluationDeclaration(
            task: task, step: step?.value ?? defaultEvaluateStep,
            predictions: metrics == nil ? predictions ?? "predictions.csv" : nil,
            metrics: metrics, label: node["label"]?.text ?? "label",
            prediction: node["prediction"]?.text ?? "prediction", score: node["score"]?.text,
            positive: node["positive"]?.label,
            slices: node["slices"]?.items.compactMap(\.text) ?? [],
            resamples: node["resamples"]?.integer ?? 1000,
            seed: UInt64(max(0, node["seed"]?.integer ?? 0)))
        return EvaluationDraft(declaration: declaration, step: step, place: node.place(in: file))
    }

    private func serving(_ node: YAMLNode) -> ServingDraft? {
        guard case .table = node.value else { return nil }
        let environment = node["environment"].flatMap { environment in
            environment.label.flatMap { isName($0) ? $0 : nil }.map {
                Mention(
                    value: EnvironmentName(checked: $0), place: environment.place(in: file))
            }
        }
        var runtime = ServingDeclaration.Runtime.sklearn
        if let command = node["runtime"]?["command"]?.text { runtime = .command(command) }
        return ServingDraft(
            environment: environment, runtime: runtime,
            warmup: node["warmup"].flatMap(mentionedText),
            startTimeoutSeconds: node["start_timeout"]?.text.flatMap(durationSeconds) ?? 60,
            place: node.place(in: file))
    }

    private func mentionedText(_ node: YAMLNode) -> Mention<String>? {
        node.text.map { Mention(value: $0, place: node.place(in: file)) }
    }

    mutating func report(_ node: YAMLNode, _ message: String, hint: String? = nil) {
        diagnostics.append(Diagnostic(at: node.place(in: file), message, hint: hint))
    }
}

/// The step whose output is measured when nothing else says so.
let defaultEvaluateStep = StepName(checked: "evaluate")

extension YAMLNode {
    /// The value in JSON's data model.
    var json: JSONValue {
        switch value {
        case .null: .null
        case .bool(let flag): .bool(flag)
        case .integer(let integer): .integer(integer)
        case .number(let number): .number(number)
        case .text(let text): .string(text)
        case .list(let items): .array(items.map(\.json))
        case .table(let entries):
            .object(
                Dictionary(
                    entries.map { ($0.key, $0.value.json) }, uniquingKeysWith: { first, _ in first }
                ))
        }
    }
}
