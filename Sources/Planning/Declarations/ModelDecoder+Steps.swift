import Domain

private let stepsMax = 200

extension ModelDecoder {
    /// Reads `steps:` and reports steps that are needed but not there, and circles.
    mutating func steps(_ node: YAMLNode) -> [StepDeclaration] {
        guard case .table(let entries) = node.value else { return [] }
        if entries.isEmpty {
            report(node, "`steps` is empty", hint: "leave it out to run train.py and evaluate.py")
        }
        guard entries.count <= stepsMax else {
            report(node, "`steps` has more than \(stepsMax) steps")
            return []
        }
        let known = entries.map(\.key)
        var steps: [StepDeclaration] = []
        for entry in entries {
            guard let name = StepName(entry.key) else { continue }
            let value = entry.value
            if let run = value["run"], let text = run.text, text.allSatisfy(\.isWhitespace) {
                report(run, "`steps.\(entry.key).run` is empty")
            }
            steps.append(
                StepDeclaration(
                    name: name, run: value["run"]?.text ?? "",
                    needs: needs(value["needs"], of: entry.key, known: known),
                    produces: produces(value["produces"]),
                    timeoutSeconds: value["timeout"]?.text.flatMap(durationSeconds) ?? 3600,
                    retries: value["retries"]?.integer ?? 0,
                    memoryBytes: value["memory"]?.text.flatMap(sizeBytes)))
        }
        reportCircles(steps, entries)
        return steps
    }

    private mutating func needs(
        _ node: YAMLNode?, of step: String, known: [String]
    ) -> [StepName] {
        var needs: [StepName] = []
        for item in (node?.items ?? []).prefix(stepsMax) {
            guard let text = item.label, let name = StepName(text) else { continue }
            if !known.contains(text) {
                diagnostics.append(
                    unknownKey(text, at: item.place(in: file), among: known, kind: "step"))
            } else if !needs.contains(name) {
                needs.append(name)
            }
        }
        return needs
    }

    private mutating func produces(_ node: YAMLNode?) -> [String] {
        var produces: [String] = []
        for item in node?.items ?? [] {
            guard let text = item.text, isRelativePath(text) else { continue }
            guard let path = repositoryPath(text) else {
                report(item, "`\(quoted(text))` is not inside the output folder")
                continue
            }
            produces.append(path)
        }
        return produces
    }

    private mutating func reportCircles(
        _ steps: [StepDeclaration], _ entries: [YAMLNode.Entry]
    ) {
        guard let circle = firstCircle(steps), let first = circle.first,
            let entry = entries.first(where: { $0.key == first.text })
        else { return }
        let way = (circle + [first]).map { "`\($0)`" }.joined(separator: " needs ")
        diagnostics.append(
            Diagnostic(at: entry.place(in: file), "the steps run in a circle: \(way)"))
    }
}

/// Returns steps of which each needs the next one and the last one the first; nil: none do.
///
/// Steps that need nothing that is left are taken away until none is left or none can be taken
/// (Kahn 1962); from what remains, following any need ends in a circle.
func firstCircle(_ steps: [StepDeclaration]) -> [StepName]? {
    var needs = Dictionary(
        steps.map { ($0.name, Set($0.needs)) }, uniquingKeysWith: { first, _ in first })
    for (name, wanted) in needs { needs[name] = wanted.filter { needs[$0] != nil } }
    while let free = needs.first(where: { $0.value.isEmpty })?.key {
        needs[free] = nil
        for name in needs.keys { needs[name]?.remove(free) }
    }
    guard var next = needs.keys.min() else { return nil }
    var way: [StepName] = []
    while !way.contains(next) {
        way.append(next)
        guard let following = needs[next]?.min() else { return nil }
        next = following
    }
    return way.firstIndex(of: next).map { Array(way[$0...]) }
}
