package import Domain

/// A tag in the grammar of GTO 1.10.1, which `gto show` reads too.
///
///     tag      = [ dirname "=" ] name ( "#" stage ["!"] / "@v" semver ["!"]
///                / "@deprecated" / "@created" ) [ "#" counter ]
///     dirname  = 1*( ALPHA / DIGIT / "-" / "_" / "." / "/" )
///     name     = alnum [ *( alnum / "-" / "/" / "_" ) alnum ]      ; the rule for stages too
package struct GTOTag: Hashable, Sendable {
    package enum Event: Hashable, Sendable {
        case assigned(stage: String)
        case unassigned(stage: String)
        /// The version as it stands behind the `v`; SemVer 2.0.0.
        case registered(version: String)
        case deregistered(version: String)
        case deprecated
        /// Matches GTO's grammar, and then GTO fails on the whole repository: never written.
        case created
    }

    package var folder: String?
    package var name: String
    package var event: Event
    /// One counter per artifact over all its events; nil in the simple form.
    package var counter: Int?

    /// The tag of a version: `digits@v1.0.0`.
    package init(model: ModelName, version: SemanticVersion) {
        self.init(
            folder: nil, name: model.text,
            event: .registered(version: String(version.description.dropFirst())), counter: nil)
    }

    /// The tag by which an environment gets a version: `digits#production#1`.
    package init(assigning model: ModelName, to environment: EnvironmentName, number: Int) {
        self.init(
            folder: nil, name: model.text, event: .assigned(stage: environment.text),
            counter: number)
    }

    /// The tag by which an environment loses the model: `digits#production!#3`.
    package init(unassigning model: ModelName, from environment: EnvironmentName, number: Int) {
        self.init(
            folder: nil, name: model.text, event: .unassigned(stage: environment.text),
            counter: number)
    }

    private init(folder: String?, name: String, event: Event, counter: Int?) {
        self.folder = folder
        self.name = name
        self.event = event
        self.counter = counter
    }

    /// Reads a tag's name without `refs/tags/`.
    package init(parsing tag: String) throws(RegistryError) {
        func bad(_ detail: String) -> RegistryError { .tagMalformed(tag: tag, detail: detail) }
        guard isLegalRef(tag) else { throw bad("git does not allow such a name") }
        var rest = Substring(tag)
        if let equals = rest.firstIndex(of: "=") {
            let folder = rest[..<equals]
            guard isFolderName(folder) else { throw bad("the folder before `=` is malformed") }
            self.folder = String(folder)
            rest = rest[equals...].dropFirst()
        }
        guard let sign = rest.firstIndex(where: { $0 == "#" || $0 == "@" }) else {
            throw bad("it has neither `#` nor `@`")
        }
        name = String(rest[..<sign])
        guard isArtifactName(rest[..<sign]) else { throw bad("its artifact's name is malformed") }
        let isStage = rest[sign] == "#"
        var part = rest[sign...].dropFirst()
        if let hash = part.firstIndex(of: "#") {
            guard let counter = count(part[hash...].dropFirst()) else {
                throw bad("what follows the last `#` is not a counter")
            }
            self.counter = counter
            part = part[..<hash]
        }
        guard let event = isStage ? stageEvent(part) : versionEvent(part) else {
            throw bad(isStage ? "its stage is malformed" : "its version is malformed")
        }
        self.event = event
    }

    /// Whether a tag is meant to be one of GTO's; approvals have an `@` too and are not.
    package static func isMeant(_ tag: String) -> Bool {
        !tag.hasPrefix("approve/") && !tag.hasPrefix("reject/")
            && (tag.contains("#") || tag.contains("@"))
    }

    /// The version of a registration whose number has no pre-release or build part.
    package var version: SemanticVersion? {
        switch event {
        case .registered(let text), .deregistered(let text): SemanticVersion(text)
        case .assigned, .unassigned, .deprecated, .created: nil
        }
    }
}

extension GTOTag: CustomStringConvertible {
    /// The tag's name.
    package var description: String {
        let part =
            switch event {
            case .assigned(let stage): "#\(stage)"
            case .unassigned(let stage): "#\(stage)!"
            case .registered(let version): "@v\(version)"
            case .deregistered(let version): "@v\(version)!"
            case .deprecated: "@deprecated"
            case .created: "@created"
            }
        return (folder.map { $0 + "=" } ?? "") + name + part + (counter.map { "#\($0)" } ?? "")
    }
}

private func stageEvent(_ part: Substring) -> GTOTag.Event? {
    let isUndone = part.last == "!"
    let stage = isUndone ? part.dropLast() : part
    guard isArtifactName(stage) else { return nil }
    return isUndone ? .unassigned(stage: String(stage)) : .assigned(stage: String(stage))
}

private func versionEvent(_ part: Substring) -> GTOTag.Event? {
    if part == "deprecated" { return .deprecated }
    if part == "created" { return .created }
    guard part.first == "v" else { return nil }
    let isUndone = part.last == "!"
    let version = (isUndone ? part.dropLast() : part).dropFirst()
    guard isSemVer(version) else { return nil }
    return isUndone
        ? .deregistered(version: String(version)) : .registered(version: String(version))
}

private func isAlphanumeric(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
}

private func isFolderName(_ text: Substring) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { isAlphanumeric($0) || "-_./".utf8.contains($0) }
}

private func isArtifactName(_ text: Substring) -> Bool {
    guard let first = text.utf8.first, let last = text.utf8.last else { return false }
    return isAlphanumeric(first) && isAlphanumeric(last)
        && text.utf8.allSatisfy { isAlphanumeric($0) || "-/_".utf8.contains($0) }
}

/// Digits alone, as a number.
private func count(_ text: Substring) -> Int? {
    text.utf8.allSatisfy { (48...57).contains($0) } ? Int(text) : nil
}

/// SemVer 2.0.0, without leading zeros in its numbers.
private func isSemVer(_ text: Substring) -> Bool {
    var core = text
    if let plus = core.firstIndex(of: "+") {
        guard areIdentifiers(core[plus...].dropFirst(), zerosAllowed: true) else { return false }
        core = core[..<plus]
    }
    if let dash = core.firstIndex(of: "-") {
        guard areIdentifiers(core[dash...].dropFirst(), zerosAllowed: false) else { return false }
        core = core[..<dash]
    }
    let numbers = core.split(separator: ".", omittingEmptySubsequences: false)
    return numbers.count == 3
        && numbers.allSatisfy { count($0) != nil && ($0 == "0" || $0.first != "0") }
}

private func areIdentifiers(_ text: Substring, zerosAllowed: Bool) -> Bool {
    text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { part in
        let isNumber = part.utf8.allSatisfy { (48...57).contains($0) }
        return !part.isEmpty
            && part.utf8.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
            && (zerosAllowed || !isNumber || part == "0" || part.first != "0")
    }
}

/// What git-check-ref-format(1) forbids and the grammar above does not.
private func isLegalRef(_ tag: String) -> Bool {
    let parts = tag.split(separator: "/", omittingEmptySubsequences: false)
    return !tag.contains("..") && !tag.hasSuffix(".")
        && parts.allSatisfy { !$0.isEmpty && !$0.hasPrefix(".") && !$0.hasSuffix(".lock") }
}
