import Domain

/// What a check found as the XML of JUnit, which CI systems count: a suite for each dataset and one
/// for the declarations, a test case for each rule and column, and for each named check.
struct JUnitReport {
    /// What each begins with.
    static let head = """
        <?xml version="1.0" encoding="UTF-8"?>
        <testsuites name="slipway check"
        """

    private let results: [CheckResult]

    init(_ results: [CheckResult]) { self.results = results }

    private struct Case {
        var name: String
        var broken: [CheckResult] = []
        var warnings: [CheckResult] = []
    }

    var text: String {
        var suites: [(name: String, cases: [Case])] = [("declarations", [])]
        for result in results {
            let suite = result.dataset?.text ?? "declarations"
            let index =
                suites.firstIndex { $0.name == suite }
                ?? {
                    suites.append((suite, []))
                    return suites.count - 1
                }()
            add(result, to: &suites[index].cases)
        }
        if suites[0].cases.isEmpty { suites[0].cases = [Case(name: "declaration")] }
        let tests = suites.reduce(0) { $0 + $1.cases.count }
        let failures = suites.reduce(0) { $0 + $1.cases.count { !$0.broken.isEmpty } }
        var lines = [
            "\(Self.head) tests=\"\(tests)\" failures=\"\(failures)\">"
        ]
        for suite in suites { lines += self.lines(suite.name, suite.cases) }
        lines.append("</testsuites>")
        return lines.joined(separator: "\n") + "\n"
    }

    private func add(_ result: CheckResult, to cases: inout [Case]) {
        let about = result.column.map { "\(result.rule) of \($0)" } ?? result.rule
        let name = result.part.map { "\(about) (\($0))" } ?? about
        let index =
            cases.firstIndex { $0.name == name }
            ?? {
                cases.append(Case(name: name))
                return cases.count - 1
            }()
        switch result.state {
        case .passed: break
        case .warning: cases[index].warnings.append(result)
        case .error: cases[index].broken.append(result)
        }
    }

    private func lines(_ name: String, _ cases: [Case]) -> [String] {
        let failures = cases.count { !$0.broken.isEmpty }
        let counts = "tests=\"\(cases.count)\" failures=\"\(failures)\""
        var lines = ["  <testsuite name=\"\(markupText(name))\" \(counts)>"]
        for item in cases {
            let head =
                "    <testcase classname=\"\(markupText(name))\" name=\"\(markupText(item.name))\""
            guard !item.broken.isEmpty || !item.warnings.isEmpty else {
                lines.append(head + "/>")
                continue
            }
            lines.append(head + ">")
            if let first = item.broken.first {
                let all = item.broken.map { markupText(sentence($0)) }
                    .joined(separator: "\n")
                let type = "type=\"\(markupText(first.rule))\""
                let message = "message=\"\(markupText(first.message))\""
                lines.append("      <failure \(type) \(message)>\(all)</failure>")
            }
            if !item.warnings.isEmpty {
                let all = item.warnings.map { markupText(sentence($0)) }
                    .joined(separator: "\n")
                lines.append("      <system-out>warning: \(all)</system-out>")
            }
            lines.append("    </testcase>")
        }
        lines.append("  </testsuite>")
        return lines
    }

    private func sentence(_ result: CheckResult) -> String {
        let place = result.place.map { "\($0): " } ?? ""
        return "\(place)\(result.message)" + (result.hint.map { " (\($0))" } ?? "")
    }
}
