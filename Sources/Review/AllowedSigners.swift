package import Domain

/// Who may sign what, and when: the file of ssh-keygen(1), ALLOWED SIGNERS.
///
/// It is read once and then asked for every tag, so that the lines are indexed by their keys.
package struct AllowedSigners: Hashable, Sendable {
    /// One usable line.
    package struct Line: Hashable, Sendable {
        /// Counts from 1.
        package var number: Int
        package var principals: PatternList
        package var key: SSHPublicKey
        /// The key signs certificates, never tags.
        package var isAuthority: Bool
        /// nil: every namespace.
        package var namespaces: PatternList?
        /// The first second at which the key is valid; nil: always was.
        package var validAfter: Instant?
        /// The last second at which the key is valid; nil: for ever.
        package var validBefore: Instant?
    }

    package let lines: [Line]
    /// Every principal that is named without a wildcard, in the order of the file.
    package let principals: [Principal]
    /// The lines of a key on the wire, authorities apart from keys that sign tags.
    let linesOfKey: [[UInt8]: [Line]]
    let linesOfAuthority: [[UInt8]: [Line]]
    let people: People

    package init(lines: [Line] = []) {
        self.lines = lines
        principals = lines.flatMap(\.principals.literals).map { Principal($0) }
        linesOfKey = Dictionary(grouping: lines.filter { !$0.isAuthority }, by: \.key.blob)
        linesOfAuthority = Dictionary(grouping: lines.filter(\.isAuthority), by: \.key.blob)
        people = People(holdings: Self.holdings(of: lines))
    }

    /// An authority's key belongs to none of those whom it names.
    static func holdings(of lines: [Line]) -> [People.Holding] {
        lines.filter { !$0.isAuthority }.map {
            People.Holding(names: $0.principals.literals, key: $0.key.blob)
        }
    }

    /// Somebody can sign: by a key of their own, or by a certificate.
    package var trustsSomebody: Bool { !principals.isEmpty || !linesOfAuthority.isEmpty }

    /// Returns all names of the person behind `principal`, itself included.
    ///
    /// Names that share a key belong together, however many keys lie between them: otherwise
    /// somebody with two names could approve their own commit, or approve twice.
    package func aliases(of principal: Principal) -> Set<Principal> {
        people.names(of: [principal])
    }

    package static func == (left: Self, right: Self) -> Bool { left.lines == right.lines }

    package func hash(into hasher: inout Hasher) { hasher.combine(lines) }
}
