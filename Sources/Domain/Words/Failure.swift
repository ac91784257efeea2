/// Where something is wrong in a file that a person wrote; line and column count from 1.
package struct Place: Hashable, Codable, Sendable, CustomStringConvertible {
    package var file: String
    package var line: Int?
    package var column: Int?

    package init(file: String, line: Int? = nil, column: Int? = nil) {
        self.file = file
        self.line = line
        self.column = column
    }

    /// `models/digits/model.yaml:14:3`
    package var description: String {
        [file, line.map(String.init), column.map(String.init)].compactMap(\.self)
            .joined(separator: ":")
    }
}

/// One thing that is wrong in what a person wrote or sent, with its place and how to mend it.
package struct Diagnostic: Hashable, Codable, Sendable {
    package enum Severity: String, Codable, Sendable { case error, warning }

    package var severity: Severity
    package var place: Place
    package var message: String
    package var hint: String?

    package init(
        _ severity: Severity = .error, at place: Place, _ message: String, hint: String? = nil
    ) {
        self.severity = severity
        self.place = place
        self.message = message
        self.hint = hint
    }
}

/// What a stage reports at its border when it could not do its work.
package struct Failure: Error, Hashable, Codable, Sendable {
    /// What happens next; it alone decides scheduling and log level.
    package enum Disposition: Hashable, Codable, Sendable {
        /// The world may mend itself: try again after this many seconds.
        case retry(afterSeconds: Double)
        /// Nothing will change until the named input does.
        case wait(for: String)
        /// A person must act.
        case stalled
    }

    /// One line of fact: what failed.
    package var what: String
    /// Where: a file, a run, a commit, in words.
    package var place: String?
    /// How to mend it: a command to paste, where there is one.
    package var hint: String?
    package var disposition: Disposition
    /// The single findings behind it, each with its place, where there are several.
    package var details: [Diagnostic]

    package init(
        _ what: String, at place: String? = nil, hint: String? = nil,
        _ disposition: Disposition = .stalled, details: [Diagnostic] = []
    ) {
        self.what = what
        self.place = place
        self.hint = hint
        self.disposition = disposition
        self.details = details
    }
}

extension Failure: CustomStringConvertible {
    /// What people see: fact, where, the single findings, hint.
    package var description: String {
        var lines = ["error: \(what)"]
        if let place { lines.append("where: \(place)") }
        lines += details.map { "       \($0.place): \($0.message)" }
        if let hint { lines.append(" hint: \(hint)") }
        return lines.joined(separator: "\n")
    }
}
