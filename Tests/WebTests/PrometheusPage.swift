/// A page in Prometheus' text format, read strictly.
///
/// Stricter than the format: each family has HELP, then TYPE, then its samples; no other comments,
/// no empty lines, no timestamps; only counters and gauges.
/// Source: https://prometheus.io/docs/instrumenting/exposition_formats/
struct PrometheusPage {
    struct Series: Hashable {
        var name: String
        var labels: [String: String]
    }

    struct Wrong: Error, CustomStringConvertible {
        var description: String
    }

    private(set) var kinds: [String: String] = [:]
    private(set) var help: [String: String] = [:]
    private(set) var values: [Series: Double] = [:]
    private var family: String?

    init(_ text: String) throws(Wrong) {
        guard text.unicodeScalars.last == "\n" else {
            throw Wrong(description: "the last line has no end")
        }
        let lines = text.unicodeScalars.dropLast()
            .split(separator: "\n", omittingEmptySubsequences: false)
        for line in lines {
            var cursor = Cursor(line)
            do throws(Wrong) {
                try read(&cursor)
            } catch {
                throw Wrong(description: "\(error): \(String(String.UnicodeScalarView(line)))")
            }
        }
        for name in kinds.keys where !values.keys.contains(where: { $0.name == name }) {
            throw Wrong(description: "\(name) has no samples")
        }
    }

    subscript(_ name: String, _ labels: [String: String] = [:]) -> Double? {
        values[Series(name: name, labels: labels)]
    }

    private mutating func read(_ cursor: inout Cursor) throws(Wrong) {
        if cursor.skip("# HELP ") {
            let name = try cursor.name()
            try cursor.expect(" ")
            guard help.updateValue(try cursor.escaped(until: nil), forKey: name) == nil else {
                throw Wrong(description: "a second HELP")
            }
            family = name
        } else if cursor.skip("# TYPE ") {
            let name = try cursor.name()
            guard name == family, kinds[name] == nil else {
                throw Wrong(description: "TYPE without its HELP, or a second one")
            }
            try cursor.expect(" ")
            kinds[name] = cursor.rest()
            guard ["counter", "gauge"].contains(kinds[name]) else {
                throw Wrong(description: "no such type")
            }
        } else {
            try readSample(&cursor)
        }
    }

    private mutating func readSample(_ cursor: inout Cursor) throws(Wrong) {
        let name = try cursor.name()
        guard name == family, let kind = kinds[name] else {
            throw Wrong(description: "a sample outside its family")
        }
        let labels = try cursor.labels()
        try cursor.expect(" ")
        let value = try cursor.number()
        guard kind == "gauge" || (value >= 0 && name.hasSuffix("_total")) else {
            throw Wrong(description: "no counter")
        }
        guard values.updateValue(value, forKey: Series(name: name, labels: labels)) == nil else {
            throw Wrong(description: "a second sample of one series")
        }
    }
}

/// What is left of one line.
private struct Cursor {
    private var left: [Unicode.Scalar]

    init(_ line: some Sequence<Unicode.Scalar>) { left = Array(line) }

    mutating func skip(_ text: String) -> Bool {
        guard left.starts(with: text.unicodeScalars) else { return false }
        left.removeFirst(text.unicodeScalars.count)
        return true
    }

    mutating func expect(_ text: String) throws(PrometheusPage.Wrong) {
        guard skip(text) else { throw .init(description: "`\(text)` is missing") }
    }

    mutating func rest() -> String {
        defer { left = [] }
        return left.map(String.init).joined()
    }

    mutating func name(colons: Bool = true) throws(PrometheusPage.Wrong) -> String {
        let name = left.prefix { scalar in
            ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || scalar == "_"
                || ("0"..."9").contains(scalar) || (colons && scalar == ":")
        }
        guard let first = name.first, !("0"..."9").contains(first) else {
            throw .init(description: "no name")
        }
        left.removeFirst(name.count)
        return name.map(String.init).joined()
    }

    /// Reads to a quote, where every quote has a backslash, or to the end of the line.
    mutating func escaped(until quote: Unicode.Scalar?) throws(PrometheusPage.Wrong) -> String {
        var result = ""
        while let scalar = left.first, scalar != quote {
            left.removeFirst()
            guard scalar == "\\" else {
                result.unicodeScalars.append(scalar)
                continue
            }
            switch left.isEmpty ? nil : left.removeFirst() {
            case "\\": result += "\\"
            case "n": result += "\n"
            case "\"" where quote != nil: result += "\""
            default: throw .init(description: "no such escape")
            }
        }
        return result
    }

    mutating func labels() throws(PrometheusPage.Wrong) -> [String: String] {
        var labels: [String: String] = [:]
        guard skip("{") else { return labels }
        repeat {
            let name = try name(colons: false)
            try expect("=\"")
            guard labels.updateValue(try escaped(until: "\""), forKey: name) == nil else {
                throw .init(description: "a label twice")
            }
            try expect("\"")
        } while skip(",")
        try expect("}")
        return labels
    }

    mutating func number() throws(PrometheusPage.Wrong) -> Double {
        let text = rest()
        switch text {
        case "NaN": return .nan
        case "+Inf": return .infinity
        case "-Inf": return -.infinity
        default:
            let plain = "0123456789+-.e".unicodeScalars
            let isPlain = text.unicodeScalars.allSatisfy { plain.contains($0) }
            guard isPlain, let value = Double(text) else { throw .init(description: "no number") }
            return value
        }
    }
}
